import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';

let server: TestServer;
let ada: Caller;
let bob: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
  bob = await server.addUser('bob');
});
afterAll(() => server.close());

const node = (id: string, type: string, config: object = {}, settings: object = {}) => ({
  kind: 'add_node',
  node: { id, type, label: null, x: 0, y: 0, config, settings: { ...DEFAULT_SETTINGS, ...settings } },
});
const javascript = (id: string, code: string) => node(id, 'code', { language: 'javascript', code });
let edges = 0;
const edge = (from: string, to: string) => {
  const [source = '', sourcePort = 'output'] = from.split('.');
  const [target = '', targetPort = 'input'] = to.split('.');
  edges += 1;
  return { kind: 'add_edge', edge: { id: edges, source, sourcePort, target, targetPort, priority: 0 } };
};

async function draw(slug: string, commands: object[], settings: object = {}) {
  const { id } = await ada.ok<{ id: number }>('workflows.create', { name: slug, slug, ...settings });
  await ada.ok('workflows.changeGraph', { workflow_slug: slug, base_revision: 0, commands });
  return id;
}
/** A workflow that others call: `body` stands between its trigger and its answer. */
const callee = (slug: string, body: object, answer: object = {}, way = 'work.output') =>
  draw(slug, [
    node('called', 'trigger_workflow'),
    body,
    node('say', 'reply', answer),
    edge('called.payload', 'work'),
    edge(way, 'say'),
  ]);
const caller = (slug: string, config: object, settings: object = {}) =>
  draw(slug, [
    node('start', 'trigger_manual'),
    node('call', 'workflow', config, settings),
    edge('start.payload', 'call.payload'),
  ]);

interface Detail {
  execution_id: string;
  status: string;
  error_message: string;
  trigger_payload: unknown;
  final_output: { node_outputs: Record<string, Record<string, unknown>> } | null;
}
const OVER = ['completed', 'failed', 'cancelled'];
const run = async (workflow_slug: string, payload: object = {}) =>
  (await ada.ok<{ execution_id: string }>('workflows.execute', { workflow_slug, payload })).execution_id;
const ended = (execution_id: string) =>
  until(async () => {
    const found = await ada.ok<Detail>('executions.get', { execution_id });
    return OVER.includes(found.status) ? found : null;
  }, 20_000);
const runsOf = async (workflow_slug: string) =>
  (await ada.ok<{ items: Detail[] }>('executions.list', { workflow_slug })).items;

describe('a workflow in a workflow', () => {
  test('gives back what it replied, from what was mapped', async () => {
    await callee('double', javascript('work', 'return input.n * 2'), {
      body: '{{ work.output }}',
    });
    await caller('ask-double', { target_workflow: 'double', input_mapping: { n: 'trigger.body.n' } });
    const done = await ended(await run('ask-double', { body: { n: 21 } }));
    expect(done).toMatchObject({
      status: 'completed',
      final_output: { node_outputs: { call: { output: 42 } } },
    });
    const [child] = await runsOf('double');
    expect(child).toMatchObject({ status: 'completed', trigger_kind: 'workflow' });
  });

  test('one that ends before its caller has let go is not missed', async () => {
    await callee('quick', node('work', 'set', { mode: 'json', json: '{{ trigger.n }}' }));
    await caller('ask-quick', { target_workflow: 'quick' });
    const ids = await Promise.all(Array.from({ length: 30 }, (_, n) => run('ask-quick', { n })));
    const all = await Promise.all(ids.map(ended));
    expect(all.map((one) => one.final_output?.node_outputs['call']?.['output'])).toEqual(
      Array.from({ length: 30 }, (_, n) => n),
    );
    expect(await runsOf('quick')).toHaveLength(30);
  });

  test('its failure is the caller’s, and goes where the caller sends errors', async () => {
    await callee('broken', javascript('work', 'throw new Error("no luck")'));
    await caller('ask-broken', { target_workflow: 'broken' }, { retry: { maxAttempts: 3, initialMs: 1 } });
    const failed = await ended(await run('ask-broken'));
    expect(failed).toMatchObject({ status: 'failed', error_message: expect.stringContaining('no luck') });
    expect(await runsOf('broken')).toHaveLength(1);
    await caller('ask-softly', { target_workflow: 'broken' }, { onError: 'route' });
    const soft = await ended(await run('ask-softly'));
    expect(soft).toMatchObject({
      status: 'completed',
      final_output: { node_outputs: { call: { error: { code: 'code_error', node: 'call' } } } },
    });
  });

  test('stops when its caller is stopped', async () => {
    await callee('sleeper', node('work', 'wait', { duration: 1, unit: 'hours' }));
    await caller('ask-sleeper', { target_workflow: 'sleeper' });
    const parent = await run('ask-sleeper');
    const child = await until(async () => (await runsOf('sleeper')).find((one) => one.status === 'running'));
    await ada.ok('executions.cancel', { execution_id: parent });
    expect((await ended(child.execution_id)).status).toBe('cancelled');
  });

  test('asks people on the caller’s behalf, and the caller goes on with their answer', async () => {
    const answer = { body: '{{ work.confirmed }}' };
    await callee('asks', node('work', 'human_confirmation'), answer, 'work.approved');
    await caller('ask-asks', { target_workflow: 'asks' });
    const parent = await run('ask-asks');
    const child = await until(async () => (await runsOf('asks')).find((one) => one.status === 'interrupted'));
    await ada.ok('approvals.resume', { execution_id: child.execution_id, confirmed: true });
    expect((await ended(parent)).final_output?.node_outputs['call']).toEqual({ output: true });
  });
});

describe('what cannot be called', () => {
  test.each([
    ['there-is-none', 'There is no workflow “there-is-none” here'],
    ['off', 'switched off'],
    ['only-hook', 'Workflow trigger'],
    ['faulty', 'cannot run'],
  ])('%s says why', async (target, why) => {
    if (target === 'off') await draw('off', [node('t', 'trigger_workflow')], { is_active: false });
    if (target === 'only-hook') await draw('only-hook', [node('t', 'trigger_webhook')]);
    if (target === 'faulty') {
      await draw('faulty', [
        node('t', 'trigger_workflow'),
        node('x', 'wait', { duration: -1 }),
        edge('t.payload', 'x'),
      ]);
    }
    await caller(`call-${target}`, { target_workflow: target });
    expect(await ended(await run(`call-${target}`))).toMatchObject({
      status: 'failed',
      error_message: expect.stringContaining(why),
    });
  });

  test('somebody else’s workflow is none', async () => {
    await bob.ok('workflows.create', { name: 'his', slug: 'his' });
    await caller('call-his', { target_workflow: 'his' });
    expect(await ended(await run('call-his'))).toMatchObject({
      status: 'failed',
      error_message: expect.stringContaining('There is no workflow “his” here'),
    });
  });

  test('a circle is refused and names the chain', async () => {
    await caller('ping', { target_workflow: 'pong' });
    await caller('pong', { target_workflow: 'ping' });
    const failed = await ended(await run('ping'));
    expect(failed.status).toBe('failed');
    expect(failed.error_message).toContain('ping → pong → ping → pong');
    const total = (await runsOf('ping')).length + (await runsOf('pong')).length;
    expect(total).toBeLessThanOrEqual(8);
  });
});

test('a workflow may call itself as long as it ends', async () => {
  const done = [{ id: 'go', field: 'left', operator: 'gt', value: 0 }];
  await draw('countdown', [
    node('start', 'trigger_manual'),
    node('more', 'switch', { rules: done, enable_fallback: true }),
    node('less', 'set', { mode: 'json', json: { left: 0 } }),
    node('again', 'workflow', { target_workflow: 'self', input_mapping: { left: 'less.output.left' } }),
    node('say', 'reply', { body: '{{ again.output }}' }),
    node('end', 'reply', { body: 'zero' }),
    edge('start.payload', 'more'),
    edge('more.go', 'less'),
    edge('less.output', 'again.payload'),
    edge('again.output', 'say'),
    edge('more.__other__', 'end'),
  ]);
  const first = await ended(await run('countdown', { left: 3 }));
  expect(first).toMatchObject({ status: 'completed', final_output: { output: 'zero' } });
  expect(await runsOf('countdown')).toHaveLength(2);
});

describe('several at once', () => {
  test('give their results in the order of the tasks', async () => {
    await callee('nap', node('work', 'wait', { duration: 0 }), { body: '{{ trigger.n }}' });
    await callee('trip', javascript('work', 'throw new Error("tripped")'));
    await draw('fan', [
      node('start', 'trigger_manual'),
      node('list', 'set', { mode: 'json', json: '{{ trigger.tasks }}' }),
      node('all', 'spawn_and_await', { on_error: 'collect' }),
      edge('start.payload', 'list'),
      edge('list.output', 'all.tasks'),
    ]);
    const tasks = [
      ...Array.from({ length: 5 }, (_, n) => ({ workflow_slug: 'nap', input_data: { n } })),
      { workflow_slug: 'trip' },
      { workflow_slug: 'nowhere' },
    ];
    const done = await ended(await run('fan', { tasks }));
    expect(done.final_output?.node_outputs['all']?.['results']).toEqual([
      0,
      1,
      2,
      3,
      4,
      { error: expect.objectContaining({ message: expect.stringContaining('tripped') }) },
      { error: expect.objectContaining({ code: 'workflow_not_found' }) },
    ]);
  });
});

describe('the error handler', () => {
  const failing = [
    node('start', 'trigger_manual'),
    javascript('bad', 'throw new Error("boom")'),
    edge('start.payload', 'bad'),
  ];
  const handling = [
    node('failed', 'trigger_error'),
    node('note', 'set', { mode: 'text', text: '{{ trigger.workflow_name }}: {{ trigger.error.message }}' }),
    edge('failed.payload', 'note'),
  ];

  test('runs once for a failed run, with what went wrong', async () => {
    const id = await draw('watcher', handling);
    await draw('watched', failing, { error_handler_workflow_id: id });
    const failed = await ended(await run('watched'));
    const [handled] = await until(async () => {
      const runs = await runsOf('watcher');
      return runs.some((one) => one.status === 'completed') && runs;
    });
    const detail = await ended(handled?.execution_id ?? '');
    expect(detail.trigger_payload).toMatchObject({
      error: { message: expect.stringContaining('boom'), code: 'code_error', node: 'bad' },
      execution_id: failed.execution_id,
      workflow_slug: 'watched',
    });
    expect(await runsOf('watcher')).toHaveLength(1);
    // What it spends counts for whoever began the failed run.
    const { rows } = await server.connection.pool.query('select options from executions where id = $1', [
      detail.execution_id,
    ]);
    expect(rows).toMatchObject([
      { options: { origin: { run: failed.execution_id, kind: 'manual', depth: 0 } } },
    ]);
  });

  test('may be part of the workflow itself, and never follows its own failure', async () => {
    await draw('self', [
      ...failing,
      node('failed', 'trigger_error'),
      javascript('worse', 'throw new Error("again")'),
      edge('failed.payload', 'worse'),
    ]);
    await ended(await run('self'));
    const runs = await until(async () => {
      const all = await runsOf('self');
      return all.length === 2 && all.every((one) => one.status === 'failed') && all;
    });
    // A third one would be started right after the second one's end: the run after it proves that it was not.
    await ended(await run('self'));
    await until(async () => (await runsOf('self')).length === 4);
    expect(runs).toHaveLength(2);
    expect(await runsOf('self')).toHaveLength(4);
  });
});
