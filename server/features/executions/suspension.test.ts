import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import {
  type Approval,
  approvalOf,
  type Detail,
  drawQuestion,
  edge,
  node,
  reaches,
  resume,
  start,
  statesOf,
} from './test-suspension.ts';

let server: TestServer;
let ada: Caller;
let bob: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
  bob = await server.addUser('bob');
});
afterAll(() => server.close());

describe('asking', () => {
  beforeAll(() => drawQuestion(ada, 'pay', {}));

  test('the run is interrupted while its other branch goes on; the answer chooses the way', async () => {
    const execution_id = await start(ada, 'pay');
    const waiting = await until(async () => {
      const found = await ada.ok<Detail>('executions.get', { execution_id });
      return found.status === 'interrupted' && statesOf(found)['beside'] === 'success' && found;
    });
    expect(statesOf(waiting)).toMatchObject({ ask: 'waiting', beside: 'success' });
    expect(await approvalOf(ada, execution_id)).toMatchObject({
      prompt: 'Pay 5?',
      state: 'open',
      can_decide: true,
      decided_by: null,
    });
    const answer = await resume(ada, execution_id, true, { response: 'fine' });
    expect(answer).toMatchObject({ status: 200, body: { state: 'approved', decided_by: 'ada', given: 1 } });
    const done = await reaches(ada, execution_id, 'completed');
    expect(statesOf(done)).toMatchObject({ ask: 'success', is_approved: 'success', is_rejected: 'skipped' });
    expect(done.logs.find((log) => log.node_id === 'ask')?.output).toMatchObject({
      confirmed: true,
      user_response: 'fine',
      decided_by: 'ada',
      approved: { amount: 5 },
    });
    expect(await resume(ada, execution_id, false)).toMatchObject({ status: 409 });
  });

  test('no is an answer too and does not fail the run', async () => {
    const execution_id = await start(ada, 'pay');
    await reaches(ada, execution_id, 'interrupted');
    await ada.ok('approvals.resume', { execution_id, confirmed: false, response: 'too much' });
    const done = await reaches(ada, execution_id, 'completed');
    expect(statesOf(done)).toMatchObject({ is_approved: 'skipped', is_rejected: 'success' });
  });

  test('of twenty answers at once exactly one decides', async () => {
    const execution_id = await start(ada, 'pay');
    await reaches(ada, execution_id, 'interrupted');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => resume(ada, execution_id, index % 2 === 0)),
    );
    const statuses = answers.map((one) => one.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(19);
    const won = answers.findIndex((one) => one.status === 200);
    const done = await reaches(ada, execution_id, 'completed');
    const way = won % 2 === 0 ? 'is_approved' : 'is_rejected';
    expect(statesOf(done)).toMatchObject({ ask: 'success', [way]: 'success' });
    expect(done.logs.filter((log) => log.node_id === way && log.status === 'success')).toHaveLength(1);
  });

  test('a cancelled run asks nobody any more', async () => {
    const execution_id = await start(ada, 'pay');
    await reaches(ada, execution_id, 'interrupted');
    await ada.ok('executions.cancel', { execution_id });
    expect(await approvalOf(ada, execution_id)).toMatchObject({ state: 'ended', can_decide: false });
    expect(await resume(ada, execution_id, true)).toMatchObject({
      status: 409,
      body: { detail: 'The run has ended, so there is nothing to decide any more.' },
    });
  });

  test('an agent user answers no question, though its maker may', async () => {
    const execution_id = await start(ada, 'pay');
    await reaches(ada, execution_id, 'interrupted');
    const { key } = await ada.ok<{ key: string }>('agents.create', { username: 'eager' });
    const refused = await resume(new Caller(server.base, key), execution_id, true);
    expect(refused).toMatchObject({
      status: 403,
      body: { detail: 'Questions of runs are answered by people.' },
    });
    expect(await approvalOf(ada, execution_id)).toMatchObject({ state: 'open' });
    await ada.ok('executions.cancel', { execution_id });
  });

  test('somebody else’s run is none; a run that asks nothing says so', async () => {
    const execution_id = await start(ada, 'pay');
    await reaches(ada, execution_id, 'interrupted');
    const nothing = { status: 404, body: { detail: 'Execution not found.' } };
    expect(await resume(bob, execution_id, true)).toMatchObject(nothing);
    expect(await bob.call('approvals.ofExecution', { execution_id })).toMatchObject(nothing);
    expect(await resume(bob, 'no-id', true)).toMatchObject(nothing);
    expect(await bob.ok('approvals.list')).toEqual({ items: [], total: 0 });
    const mine = await ada.ok<{ items: Approval[]; total: number }>('approvals.list');
    expect(mine.items.map((one) => one.execution_id)).toContain(execution_id);
    const list = { workflow_slug: 'pay', status: 'interrupted' };
    expect(await ada.ok('executions.list', list)).toMatchObject({ items: [{ execution_id }], total: 1 });
    await ada.ok('approvals.resume', { execution_id, confirmed: true });
    await reaches(ada, execution_id, 'completed');
    expect(await ada.ok('approvals.list')).toEqual({ items: [], total: 0 });
    await drawQuestion(bob, 'fails', { approvers: 'nobody-here' });
    const failed = await start(bob, 'fails');
    await reaches(bob, failed, 'failed');
    expect(await resume(bob, failed, true)).toMatchObject({ status: 409 });
  });
});

test('a question outlives the process that asked it, and any other one takes the answer', async () => {
  await drawQuestion(ada, 'outlives', {});
  const other = await startTestServer({ DATABASE_URL: server.databaseUrl });
  const there = new Caller(other.base, ada.key);
  const execution_id = await start(there, 'outlives');
  await reaches(there, execution_id, 'interrupted');
  await other.close();
  expect(await approvalOf(ada, execution_id)).toMatchObject({ state: 'open', can_decide: true });
  await ada.ok('approvals.resume', { execution_id, confirmed: true });
  expect(statesOf(await reaches(ada, execution_id, 'completed'))).toMatchObject({ is_approved: 'success' });
});

describe('who may answer', () => {
  test('only those who are named; a question nobody can answer fails at once', async () => {
    await drawQuestion(bob, 'named', { approvers: 'ada' });
    const execution_id = await start(bob, 'named');
    await reaches(bob, execution_id, 'interrupted');
    expect(await approvalOf(bob, execution_id)).toMatchObject({ can_decide: false });
    expect(await resume(bob, execution_id, true)).toMatchObject({
      status: 403,
      body: { detail: 'You may not decide this. Ask ada.' },
    });
    // Administrators see every run.
    await ada.ok('approvals.resume', { execution_id, confirmed: true });
    await reaches(bob, execution_id, 'completed');

    await drawQuestion(bob, 'typo', { approvers: ['adda'] });
    const failed = await start(bob, 'typo');
    expect(await reaches(bob, failed, 'failed')).toMatchObject({
      error_message: expect.stringContaining('adda'),
    });
  });

  test('two approvals need two people, and the one who started may be left out', async () => {
    await drawQuestion(bob, 'two', { needed: 2 });
    const execution_id = await start(bob, 'two');
    await reaches(bob, execution_id, 'interrupted');
    await bob.ok('approvals.resume', { execution_id, confirmed: true });
    expect(await approvalOf(bob, execution_id)).toMatchObject({ state: 'open', given: 1, can_decide: false });
    expect(await resume(bob, execution_id, true)).toMatchObject({ status: 409 });
    await ada.ok('approvals.resume', { execution_id, confirmed: true });
    await reaches(bob, execution_id, 'completed');

    await drawQuestion(bob, 'others', { allow_self: false });
    const other = await start(bob, 'others');
    await reaches(bob, other, 'interrupted');
    expect(await resume(bob, other, true)).toMatchObject({ status: 403 });
    await ada.ok('approvals.resume', { execution_id: other, confirmed: true });
    await reaches(bob, other, 'completed');
  });
});

describe('several questions of one run', () => {
  test('are told apart by node, and in a loop by repetition', async () => {
    await ada.ok('workflows.create', { name: 'many', slug: 'many' });
    await ada.ok('workflows.changeGraph', {
      workflow_slug: 'many',
      base_revision: 0,
      commands: [
        node('start', 'trigger_manual'),
        node('list', 'set', { mode: 'json', json: ['a', 'b'] }),
        node('each', 'loop', { parallelism: 2 }),
        node('inner', 'human_confirmation', { prompt: 'Item {{ loop.item }}?' }),
        node('outer', 'human_confirmation'),
        edge('start.payload', 'list.input'),
        edge('list.output', 'each.items'),
        edge('each.loop_body', 'inner.input'),
        edge('inner.confirmed', 'each.loop_return'),
        edge('start.payload', 'outer.input'),
      ],
    });
    const execution_id = await start(ada, 'many');
    const asked = await until(async () => {
      const { items } = await ada.ok<{ items: (Approval & { node_id: string; scope: string })[] }>(
        'approvals.ofExecution',
        { execution_id },
      );
      return items.length === 3 && items;
    });
    expect(await resume(ada, execution_id, true)).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'node_id'] }] },
    });
    expect(await resume(ada, execution_id, true, { node_id: 'inner' })).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'scope'] }] },
    });
    await ada.ok('approvals.resume', { execution_id, confirmed: true, node_id: 'outer' });
    const inner = asked.filter((one) => one.node_id === 'inner');
    expect(inner.map((one) => one.prompt).toSorted()).toEqual(['Item a?', 'Item b?']);
    for (const { scope, prompt } of inner) {
      const confirmed = prompt === 'Item b?';
      await ada.ok('approvals.resume', { execution_id, confirmed, node_id: 'inner', scope });
    }
    const done = await reaches(ada, execution_id, 'completed');
    expect(done.final_output?.node_outputs['each']).toEqual({ results: [false, true] });
  });
});

test('when nobody answers in time the run leaves by Timeout', async () => {
  await drawQuestion(ada, 'soon', { timeout: 0.3, timeout_unit: 'seconds' });
  const execution_id = await start(ada, 'soon');
  const done = await reaches(ada, execution_id, 'completed');
  expect(statesOf(done)).toMatchObject({
    is_timeout: 'success',
    is_approved: 'skipped',
    is_rejected: 'skipped',
  });
  expect(await resume(ada, execution_id, true)).toMatchObject({ status: 409 });
});
