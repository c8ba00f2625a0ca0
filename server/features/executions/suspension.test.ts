import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';

/** Stands for whoever the links of a workflow are sent to. */
const posted: Record<string, unknown>[] = [];
const mailbox = createServer((request, response) => {
  void text(request).then((body) => {
    posted.push(JSON.parse(body) as Record<string, unknown>);
    response.end();
  });
});

let server: TestServer;
let ada: Caller;
let bob: Caller;
let mailboxUrl: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => mailbox.listen(0, '127.0.0.1', resolve));
  const { port } = mailbox.address() as AddressInfo;
  mailboxUrl = `http://127.0.0.1:${port}/`;
  server = await startTestServer({ PIPEWRIGHT_EGRESS_ALLOW: `127.0.0.1:${port}` });
  ada = await server.setUp();
  bob = await server.addUser('bob');
});
afterAll(async () => {
  await server.close();
  mailbox.close();
});
beforeEach(() => {
  posted.length = 0;
});

const node = (id: string, type: string, config: object = {}, settings: object = {}) => ({
  kind: 'add_node',
  node: { id, type, label: null, x: 0, y: 0, config, settings: { ...DEFAULT_SETTINGS, ...settings } },
});
let edges = 0;
const edge = (from: string, to: string) => {
  const [source = '', sourcePort = 'output'] = from.split('.');
  const [target = '', targetPort = 'input'] = to.split('.');
  edges += 1;
  return { kind: 'add_edge', edge: { id: edges, source, sourcePort, target, targetPort, priority: 0 } };
};

/** start → ask → a Set node for each way, and beside it a branch that does not wait. */
async function drawQuestion(who: Caller, slug: string, config: object) {
  await who.ok('workflows.create', { name: slug, slug });
  const ways = ['approved', 'rejected', ...('timeout' in config ? ['timeout'] : [])];
  const set = (id: string) => node(id, 'set', { mode: 'text', text: id });
  await who.ok('workflows.changeGraph', {
    workflow_slug: slug,
    base_revision: 0,
    commands: [
      node('start', 'trigger_manual'),
      node('ask', 'human_confirmation', { prompt: 'Pay {{ trigger.amount }}?', ...config }),
      ...ways.map((way) => set(`is_${way}`)),
      set('beside'),
      edge('start.payload', 'ask.input'),
      ...ways.map((way) => edge(`ask.${way}`, `is_${way}`)),
      edge('start.payload', 'beside.input'),
    ],
  });
}

const start = async (who: Caller, workflow_slug: string) =>
  (
    await who.ok<{ execution_id: string }>('workflows.execute', {
      workflow_slug,
      payload: { amount: 5 },
    })
  ).execution_id;

interface Detail {
  status: string;
  final_output: { node_outputs: Record<string, unknown> } | null;
  logs: { node_id: string; status: string; output: unknown }[];
}
const reaches = (who: Caller, execution_id: string, status: string) =>
  until(async () => {
    const found = await who.ok<Detail>('executions.get', { execution_id });
    return found.status === status ? found : null;
  });
const statesOf = ({ logs }: Detail) => Object.fromEntries(logs.map((log) => [log.node_id, log.status]));

interface Approval {
  state: string;
  given: number;
  decided_by: string | null;
  can_decide: boolean;
  prompt: string;
  execution_id: string;
}
const approvalOf = async (who: Caller, execution_id: string) => {
  const { items } = await who.ok<{ items: Approval[] }>('approvals.ofExecution', { execution_id });
  return items[0];
};
const resume = (who: Caller, execution_id: string, confirmed: boolean, more: object = {}) =>
  who.call('approvals.resume', { execution_id, confirmed, ...more });

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

const page = (path: string) => server.nobody.send('GET', path, undefined, { accept: 'text/html' });
const pathOf = (url: string) => new URL(url).pathname;
const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', origin: 'null' };

describe('links', () => {
  const links = () => {
    const sent = (posted[0]?.['links'] ?? []) as { holder: string; url: string }[];
    return sent.map((one) => pathOf(one.url));
  };

  test('opening one never decides, its buttons do, once', async () => {
    await drawQuestion(ada, 'linked', { notify_url: mailboxUrl, approvers: 'grace@example.com' });
    const execution_id = await start(ada, 'linked');
    await reaches(ada, execution_id, 'interrupted');
    expect(posted[0]).toMatchObject({ prompt: 'Pay 5?', links: [{ holder: 'grace@example.com' }] });
    const [link = ''] = links();
    for (const method of ['GET', 'HEAD', 'GET']) {
      const shown = await server.nobody.send(method, link, undefined, { accept: 'text/html' });
      expect(shown.status).toBe(200);
      expect(shown.headers.get('cache-control')).toBe('no-store');
      expect(shown.headers.get('content-security-policy')).toContain("form-action 'self'");
    }
    expect((await page(link)).body).toContain('Pay 5?');
    expect(await approvalOf(ada, execution_id)).toMatchObject({ state: 'open' });
    expect((await server.nobody.send('POST', link, 'decision=perhaps', form)).status).toBe(400);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        server.nobody.send('POST', link, 'decision=approve&response=ok+then', form),
      ),
    );
    expect(answers.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409, 409]);
    const done = await reaches(ada, execution_id, 'completed');
    expect(done.logs.find((log) => log.node_id === 'ask')?.output).toMatchObject({
      confirmed: true,
      user_response: 'ok then',
      decided_by: 'grace@example.com',
    });
    const after = await page(link);
    expect(after.status).toBe(409);
    expect(after.body).toContain('used already');
  });

  test('what people wrote cannot become part of the page', async () => {
    await drawQuestion(ada, 'evil', { notify_url: mailboxUrl, prompt: '<script>alert(1)</script>' });
    const execution_id = await start(ada, 'evil');
    await reaches(ada, execution_id, 'interrupted');
    const { body } = await page(links()[0] ?? '');
    expect(body).not.toContain('<script');
    expect(body).toContain('&lt;script&gt;');
    await ada.ok('executions.cancel', { execution_id });
    const after = await page(links()[0] ?? '');
    expect(after).toMatchObject({ status: 409, body: expect.stringContaining('The run has ended') });
  });

  test('two approvals take two links; a made-up one leads nowhere', async () => {
    await drawQuestion(ada, 'pair', { notify_url: mailboxUrl, needed: 2 });
    const execution_id = await start(ada, 'pair');
    await reaches(ada, execution_id, 'interrupted');
    const [first = '', second = ''] = links();
    expect((await server.nobody.send('POST', first, 'decision=approve', form)).status).toBe(200);
    expect(await approvalOf(ada, execution_id)).toMatchObject({ state: 'open', given: 1 });
    expect((await server.nobody.send('POST', `${first}x`, 'decision=approve', form)).status).toBe(404);
    expect((await page(`/approve/${'a'.repeat(43)}`)).status).toBe(404);
    expect((await server.nobody.send('POST', second, 'decision=approve', form)).status).toBe(200);
    await reaches(ada, execution_id, 'completed');
  });
});

describe('waiting for a call', () => {
  async function drawWait(slug: string, config: object) {
    await ada.ok('workflows.create', { name: slug, slug });
    await ada.ok('workflows.changeGraph', {
      workflow_slug: slug,
      base_revision: 0,
      commands: [
        node('start', 'trigger_manual'),
        node('pause', 'wait', { mode: 'call', notify_url: mailboxUrl, ...config }),
        edge('start.payload', 'pause.input'),
      ],
    });
  }
  const address = () => pathOf(String(posted[0]?.['resume_url']));

  test('the run goes on with the first call and hands on what it brought', async () => {
    await drawWait('call', {});
    const execution_id = await start(ada, 'call');
    await until(async () => posted.length > 0);
    await reaches(ada, execution_id, 'running');
    expect(await page(address())).toMatchObject({
      status: 200,
      body: expect.stringContaining('Let it go on'),
    });
    const calls = await Promise.all(
      Array.from({ length: 5 }, (_, n) => server.nobody.send('POST', `${address()}?a=1`, { n })),
    );
    expect(calls.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409, 409]);
    const n = calls.findIndex((one) => one.status === 200);
    const done = await reaches(ada, execution_id, 'completed');
    expect(done.final_output?.node_outputs['pause']).toMatchObject({
      output: { amount: 5 },
      call: { method: 'POST', query: { a: '1' }, body: { n } },
    });
    expect((await page(address())).status).toBe(409);
    expect((await server.nobody.send('POST', `/resume/${'a'.repeat(43)}`, {})).status).toBe(404);
  });

  test('or leaves by Timeout when none came', async () => {
    await drawWait('late', { timeout: 0.2, timeout_unit: 'seconds' });
    const execution_id = await start(ada, 'late');
    const done = await reaches(ada, execution_id, 'completed');
    expect(done.final_output?.node_outputs['pause']).toEqual({ timeout: { text: '', amount: 5 } });
    expect(await server.nobody.send('POST', address(), {})).toMatchObject({ status: 409 });
  });
});
