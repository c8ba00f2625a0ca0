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

type Config = Record<string, unknown>;
const node = (id: string, type: string, config: Config = {}, settings: Config = {}) => ({
  kind: 'add_node',
  node: { id, type, label: null, x: 0, y: 0, config, settings: { ...DEFAULT_SETTINGS, ...settings } },
});
const code = (id: string, text: string, settings: Config = {}) =>
  node(id, 'code', { language: 'javascript', code: text }, settings);

let made = 0;
/** A workflow of code nodes; edges as `a b`. @returns its slug */
async function draw(nodes: object[], edges: string[]): Promise<string> {
  made += 1;
  const slug = `part-${made}`;
  await bob.ok('workflows.create', { name: slug, slug });
  const commands = [
    node('start', 'trigger_manual'),
    ...nodes,
    ...edges.map((edge, index) => {
      const [source = '', target = ''] = edge.split(' ');
      const sourcePort = source === 'start' ? 'payload' : 'output';
      return {
        kind: 'add_edge',
        edge: { id: index + 1, source, sourcePort, target, targetPort: 'input', priority: 0 },
      };
    }),
  ];
  await bob.ok('workflows.changeGraph', { workflow_slug: slug, base_revision: 0, commands });
  return slug;
}

interface Detail {
  status: string;
  error_message: string;
  trigger_payload: unknown;
  final_output: { node_outputs: Record<string, { output: unknown }> } | null;
  logs: { node_id: string; status: string; output: unknown; scope: string }[];
}

const started = async (operation: string, input: Config): Promise<string> =>
  (await bob.ok<{ execution_id: string }>(operation, input)).execution_id;

const finished = (execution_id: string): Promise<Detail> =>
  until(async () => {
    const run = await bob.ok<Detail>('executions.get', { execution_id });
    return ['completed', 'failed', 'cancelled'].includes(run.status) ? run : null;
  });

async function run(slug: string, more: Config = {}): Promise<Detail & { id: string }> {
  const id = await started('workflows.execute', { workflow_slug: slug, ...more });
  return { id, ...(await finished(id)) };
}

/** list → l, whose body is `body`. */
async function connectLoop(slug: string): Promise<void> {
  const links = [
    ['list', 'output', 'l', 'items'],
    ['l', 'loop_body', 'body', 'input'],
    ['body', 'output', 'l', 'loop_return'],
  ] as const;
  const { revision } = await bob.ok<{ revision: number }>('workflows.graph', { workflow_slug: slug });
  await bob.ok('workflows.changeGraph', {
    workflow_slug: slug,
    base_revision: revision,
    commands: links.map(([source, sourcePort, target, targetPort], index) => ({
      kind: 'add_edge',
      edge: { id: index + 2, source, sourcePort, target, targetPort, priority: 0 },
    })),
  });
}

const ends = ({ final_output }: Detail) =>
  Object.fromEntries(
    Object.entries(final_output?.node_outputs ?? {}).map(([id, ports]) => [id, ports.output]),
  );
const ran = ({ logs }: Detail) => logs.filter((log) => log.status === 'success').map((log) => log.node_id);

/** Three nodes in a row, each of which gives something new every time it runs. */
const chain = () =>
  draw(
    [
      code('a', 'return { a: Math.random(), text: trigger.text }'),
      code('b', 'return { ...inputs.input, b: Math.random() }'),
      code('c', 'return { ...inputs.input, c: Math.random() }'),
    ],
    ['start a', 'a b', 'b c'],
  );

describe('parts of a workflow', () => {
  test('run to here', async () => {
    const slug = await chain();
    const part = await run(slug, { until: 'b', text: 'hi' });
    expect(part).toMatchObject({ status: 'completed' });
    expect(ran(part)).toEqual(['start', 'a', 'b']);
    expect(ends(part)).toEqual({ b: { a: expect.any(Number), b: expect.any(Number), text: 'hi' } });
  });

  test('run from here, on what the earlier run gave and was given', async () => {
    const slug = await chain();
    const whole = await run(slug, { text: 'first' });
    const earlier = ends(whole).c as Config;
    const later = await run(slug, { reuse_execution_id: whole.id, from: 'c' });
    expect(ends(later).c).toEqual({ ...earlier, c: expect.any(Number) });
    expect((ends(later).c as Config).c).not.toBe(earlier.c);
    expect(later.trigger_payload).toEqual({ text: 'first' });
    const middle = await run(slug, { reuse_execution_id: whole.id, from: 'b', until: 'b' });
    expect(ends(middle)).toEqual({ b: { a: earlier.a, text: 'first', b: expect.any(Number) } });
    expect((ends(middle).b as Config).b).not.toBe(earlier.b);
  });

  test('nodes that are gone are forgotten, and new ones run', async () => {
    const slug = await chain();
    const whole = await run(slug);
    const graph = await bob.ok<{ revision: number; next_edge_id: number }>('workflows.graph', {
      workflow_slug: slug,
    });
    const edge = (id: number, source: string, target: string) => ({
      kind: 'add_edge',
      edge: { id, source, sourcePort: 'output', target, targetPort: 'input', priority: 0 },
    });
    await bob.ok('workflows.changeGraph', {
      workflow_slug: slug,
      base_revision: graph.revision,
      commands: [
        { kind: 'remove_node', id: 'b' },
        code('n', 'return { ...inputs.input, isNew: true }'),
        edge(graph.next_edge_id, 'a', 'n'),
        edge(graph.next_edge_id + 1, 'n', 'c'),
      ],
    });
    const later = await run(slug, { reuse_execution_id: whole.id, from: 'c' });
    expect(ends(later).c).toMatchObject({ a: (ends(whole).c as Config).a, isNew: true });
  });

  test('one node alone: on chosen input, on what edges brought earlier, with templates', async () => {
    const slug = await draw(
      [
        code('a', 'return { a: 1 }'),
        node('t', 'set', { fields: { x: '{{ a.output.a }} {{ trigger.text }}' } }),
        code('c', 'return [inputs.input, nodes.a?.output ?? null]'),
      ],
      ['start a', 'a c'],
    );
    const chosen = await run(slug, { only: 'c', inputs: { c: { input: 'mine' } } });
    expect(ends(chosen)).toEqual({ c: ['mine', null] });
    expect(ran(chosen)).toEqual(['c']);
    const whole = await run(slug, { text: '!' });
    const alone = await run(slug, { only: 'c', reuse_execution_id: whole.id });
    expect(ends(alone)).toEqual({ c: [{ a: 1 }, { a: 1 }] });
    expect(ran(alone)).toEqual(['c']);
    const templates = await run(slug, { only: 't', reuse_execution_id: whole.id });
    expect(ends(templates)).toEqual({ t: { x: '1 !' } });
  });

  test('a loop alone gives its items back, and a step of its body runs once', async () => {
    const slug = await draw(
      [code('list', 'return [1, 2]'), node('l', 'loop'), node('body', 'set', { fields: { x: '1' } })],
      ['start list'],
    );
    await connectLoop(slug);
    const alone = await run(slug, { only: 'l', inputs: { l: { items: [1, 2] } } });
    expect(alone).toMatchObject({ status: 'completed', logs: [{ node_id: 'l', status: 'success' }] });
    const inside = await run(slug, { only: 'body', inputs: { body: { input: 5 } } });
    expect(ends(inside)).toEqual({ body: { x: '1' } });
    const here = await run(slug, { until: 'body' });
    expect(here.logs.map((log) => [log.node_id, log.status])).toContainEqual(['l', 'success']);
  });

  test('pins count in runs that ask for them, and in no others', async () => {
    const slug = await draw(
      [code('a', 'return "real"', { pin: { output: 'pinned' } }), code('b', 'return inputs.input')],
      ['start a', 'a b'],
    );
    expect(ends(await run(slug))).toEqual({ b: 'real' });
    expect(ends(await run(slug, { use_pins: true }))).toEqual({ b: 'pinned' });
    expect(ends(await run(slug, { only: 'b', use_pins: true }))).toEqual({ b: 'pinned' });
  });

  test('what is wrong elsewhere refuses nothing; what is wrong in the part does', async () => {
    const slug = await draw(
      [code('a', 'return 1'), node('broken', 'http_request', {}), code('after', 'return 2')],
      ['start a', 'a broken'],
    );
    expect((await bob.call('workflows.execute', { workflow_slug: slug })).status).toBe(422);
    expect(await run(slug, { until: 'a' })).toMatchObject({ status: 'completed' });
    expect(await run(slug, { only: 'after' })).toMatchObject({ status: 'completed' });
    for (const part of [{ only: 'broken' }, { until: 'broken' }]) {
      const refused = await bob.call('workflows.execute', { workflow_slug: slug, ...part });
      expect(refused).toMatchObject({
        status: 422,
        body: { detail: { validation_errors: [expect.stringContaining('broken')] } },
      });
    }
  });
});

describe('wrong requests', () => {
  test.each([
    [{ until: 'ghost' }, ['until'], 'no node “ghost”'],
    [{ only: 'ghost' }, ['only'], 'no node “ghost”'],
    [{ only: 'start' }, ['only'], 'is a trigger'],
    [{ only: 'a', until: 'b' }, ['until'], 'not both'],
    [{ until: 'lonely' }, ['until'], 'not connected'],
    [{ from: 'a' }, ['from'], 'reuse_execution_id'],
    [{ inputs: { ghost: {} } }, ['inputs', 'ghost'], 'no node “ghost”'],
    [{ inputs: { a: { nope: 1 } } }, ['inputs', 'a', 'nope'], 'It has: input'],
    [{ inputs: { a: 1 } }, ['inputs', 'a'], ''],
    [{ reuse_execution_id: 'no-id' }, ['reuse_execution_id'], 'no such run'],
    [{ use_pins: 'perhaps' }, ['use_pins'], ''],
  ])('%j is refused at its field', async (input, field, text) => {
    const slug = 'wrong';
    if ((await bob.call('workflows.get', { workflow_slug: slug })).status === 404) {
      const drawn = await draw(
        [code('a', 'return 1'), code('b', 'return 1'), code('lonely', 'return 1')],
        ['start a', 'a b'],
      );
      await bob.ok('workflows.update', { workflow_slug: drawn, slug });
    }
    const refused = await bob.call('workflows.execute', { workflow_slug: slug, ...input });
    expect(refused).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', ...field], msg: expect.stringContaining(text) }] },
    });
  });

  test('somebody else’s run, and another workflow’s, are no such run', async () => {
    const slug = await chain();
    const foreign = await ada.ok<{ execution_id: string }>('workflows.execute', {
      workflow_slug: 'order-triage',
    });
    const other = await run(await chain());
    for (const id of [foreign.execution_id, other.id]) {
      expect(
        await bob.call('workflows.execute', { workflow_slug: slug, reuse_execution_id: id }),
      ).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'reuse_execution_id'] }] },
      });
    }
    const call = await bob.call('executions.retry', { execution_id: foreign.execution_id });
    expect(call).toMatchObject({ status: 404, body: { detail: 'Execution not found.' } });
  });
});

describe('running a failed run again', () => {
  const failing = () =>
    draw(
      [
        code('a', 'return Math.random()'),
        code('b', 'if (inputs.input !== "good") throw new Error("bad input"); return "done"'),
        code('c', 'return [inputs.input, nodes.a.output]'),
      ],
      ['start a', 'a b', 'b c'],
    );

  test('from where it failed, with edited input, on the same version', async () => {
    const slug = await failing();
    const failed = await run(slug, { text: 'once' });
    expect(failed).toMatchObject({ status: 'failed' });
    const a = failed.logs.find((log) => log.node_id === 'a')?.output as { output: number };
    // A later change of the workflow does not touch the retry.
    await bob.ok('nodes.update', { workflow_slug: slug, node: 'c', label: 'later' });
    const again = await finished(await started('executions.retry', { execution_id: failed.id }));
    expect(again).toMatchObject({ status: 'failed', trigger_payload: { text: 'once' } });
    const id = await started('executions.retry', {
      execution_id: failed.id,
      inputs: { b: { input: 'good' } },
    });
    const mended = await finished(id);
    expect(ends(mended)).toEqual({ c: ['done', a.output] });
    const { rows } = await server.connection.pool.query(
      'select distinct workflow_version_id from executions where id = any($1::uuid[])',
      [[failed.id, id]],
    );
    expect(rows).toHaveLength(1);
  });

  test('a finished run only from a node that is named; a live one not at all', async () => {
    const slug = await chain();
    const whole = await run(slug);
    const refused = await bob.call('executions.retry', { execution_id: whole.id });
    expect(refused).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('from_node_id') },
    });
    const wrong = await bob.call('executions.retry', { execution_id: whole.id, from_node_id: 'ghost' });
    expect(wrong).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'from_node_id'] }] } });
    const again = await finished(
      await started('executions.retry', { execution_id: whole.id, from_node_id: 'c' }),
    );
    expect(ends(again).c).toMatchObject({ a: (ends(whole).c as Config).a, b: (ends(whole).c as Config).b });

    const keyed = (from_node_id: string) =>
      bob.send('POST', `/api/v1/executions/${whole.id}/retry/`, { from_node_id }, { 'idempotency-key': 'r' });
    const [first, same, other] = [await keyed('c'), await keyed('c'), await keyed('b')];
    expect([first.status, same.body]).toEqual([200, first.body]);
    const reused = 'This idempotency key was used for another request. Use a new key.';
    expect(other).toMatchObject({ status: 409, body: { detail: reused } });

    const waiting = await draw([node('w', 'wait', { duration: 3600, unit: 'seconds' })], ['start w']);
    const execution_id = await started('workflows.execute', { workflow_slug: waiting });
    const live = await bob.call('executions.retry', { execution_id, from_node_id: 'w' });
    expect(live).toMatchObject({ status: 409, body: { detail: expect.stringContaining('not ended') } });
    await bob.ok('workflows.remove', { workflow_slug: waiting });
  });
});

test('limits, priority and what counts against the deadline are settings of the workflow', async () => {
  const slug = await draw([code('a', 'return 1')], ['start a']);
  const settings = { max_concurrent_runs: 2, priority: 7, deadline_counts_waits: true };
  expect(await bob.ok('workflows.update', { workflow_slug: slug, ...settings })).toMatchObject(settings);
  const made = await bob.ok('workflows.create', { name: 'x', slug: 'x', ...settings });
  expect(made).toMatchObject(settings);
  const { id } = await run(slug);
  const { rows } = await server.connection.pool.query(
    'select priority, options from executions where id = $1',
    [id],
  );
  expect(rows).toEqual([{ priority: 7, options: { countsWaits: true } }]);
  expect(await bob.ok('workflows.update', { workflow_slug: slug, max_concurrent_runs: null })).toMatchObject({
    max_concurrent_runs: null,
  });
  for (const wrong of [{ max_concurrent_runs: 0 }, { priority: 101 }, { priority: null }]) {
    expect((await bob.call('workflows.update', { workflow_slug: slug, ...wrong })).status).toBe(422);
  }
});
