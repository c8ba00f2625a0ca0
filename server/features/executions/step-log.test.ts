import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

const node = (id: string, type: string, config = {}) => ({
  kind: 'add_node',
  node: { id, type, label: null, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
});
const code = (id: string, text: string) => node(id, 'code', { language: 'javascript', code: text });
const edge = (id: number, from: string, to: string) => {
  const [source, sourcePort] = from.split('.');
  const [target, targetPort] = to.split('.');
  return { kind: 'add_edge', edge: { id, source, sourcePort, target, targetPort, priority: 0 } };
};

interface Log {
  id: number;
  node_id: string;
  scope: string;
  status: string;
  input: unknown;
  output: unknown;
}
interface Detail {
  status: string;
  final_output: unknown;
  logs: Log[];
  logs_total: number;
  logs_truncated: boolean;
}

async function run(slug: string, commands: object[]): Promise<{ id: string; detail: Detail }> {
  await bob.ok('workflows.create', { name: slug, slug });
  await bob.ok('workflows.changeGraph', {
    workflow_slug: slug,
    base_revision: 0,
    commands: [node('start', 'trigger_manual'), ...commands],
  });
  const { execution_id: id } = await bob.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug: slug,
  });
  const detail = await until(async () => {
    const { status } = await bob.ok<{ status: string }>('executions.status', { execution_id: id });
    return status === 'running' || status === 'pending'
      ? null
      : await bob.ok<Detail>('executions.get', { execution_id: id });
  }, 60_000);
  return { id, detail };
}

const cut = { $truncated: true, bytes: expect.any(Number), preview: expect.any(String) };

test('a large output is shown by its beginning and given in pages', async () => {
  const { id, detail } = await run('large', [
    code('big', 'return Array.from({ length: 20000 }, (_, n) => ({ n, text: "row " + n }))'),
    code('next', 'return inputs.input.length'),
    edge(1, 'start.payload', 'big.input'),
    edge(2, 'big.output', 'next.input'),
  ]);
  expect(detail).toMatchObject({
    status: 'completed',
    final_output: { node_outputs: { next: { output: 20_000 } } },
    logs_total: 3,
    logs_truncated: false,
  });
  const [big, next] = ['big', 'next'].map((name) => detail.logs.find((log) => log.node_id === name));
  expect(big?.output).toEqual({ ...cut, preview: expect.stringMatching(/^\{"output":\[\{"n":0,/) });
  expect(next).toMatchObject({ input: cut, output: { output: 20_000 } });
  const value = (input: object) => bob.ok('executions.stepValue', { execution_id: id, ...input });
  expect(await value({ step_id: big?.id, path: 'output', offset: 19_999, limit: 5 })).toMatchObject({
    kind: 'list',
    total: 20_000,
    items: [{ n: 19_999, text: 'row 19999' }],
  });
  expect(await value({ step_id: big?.id })).toMatchObject({
    kind: 'object',
    entries: [{ key: 'output', value: cut }],
  });
  expect(await value({ step_id: next?.id, side: 'input', path: 'input.3.text', limit: 3 })).toMatchObject({
    kind: 'text',
    text: 'row',
    total: 5,
  });
});

test('a large result is cut beside the steps and whole in the status', async () => {
  const { id, detail } = await run('result', [
    code('big', 'return "ä".repeat(200000)'),
    edge(1, 'start.payload', 'big.input'),
  ]);
  expect(detail.final_output).toEqual(cut);
  const status = await bob.ok<{ final_output: { node_outputs: { big: { output: string } } } }>(
    'executions.status',
    { execution_id: id },
  );
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(hash(status.final_output.node_outputs.big.output)).toBe(hash('ä'.repeat(200_000)));
  expect(
    await bob.ok('executions.value', { execution_id: id, path: 'node_outputs.big.output', limit: 4 }),
  ).toMatchObject({ text: 'ääää', total: 200_000 });
  expect(await bob.ok('executions.value', { execution_id: id, side: 'trigger', path: 'text' })).toMatchObject(
    {
      kind: 'text',
      total: 0,
    },
  );
});

test('a run of thousands of repetitions shows those outside them first, and pages the rest', async () => {
  const { id, detail } = await run('repeated', [
    code('items', 'return Array.from({ length: 1500 }, (_, n) => n)'),
    node('loop', 'loop'),
    node('body', 'set', { fields: { x: '{{ loop.index }}' } }),
    code('after', 'return "over"'),
    edge(1, 'start.payload', 'items.input'),
    edge(2, 'items.output', 'loop.items'),
    edge(3, 'loop.loop_body', 'body.input'),
    edge(4, 'body.output', 'loop.loop_return'),
    edge(5, 'loop.results', 'after.input'),
  ]);
  expect(detail).toMatchObject({ status: 'completed', logs_total: 1504, logs_truncated: true });
  expect(detail.logs).toHaveLength(1000);
  expect(detail.logs.filter((log) => log.scope === '').map((log) => log.node_id)).toEqual([
    'start',
    'items',
    'loop',
    'after',
  ]);
  interface Page {
    items: Log[];
    total: number;
  }
  const logs = (input: object) => bob.ok<Page>('executions.logs', { execution_id: id, ...input });
  const seen = new Set<number>();
  for (let offset = 0; offset < 1504; offset += 400) {
    const { items, total } = await logs({ offset, limit: 400 });
    expect(total).toBe(1504);
    for (const { id: n } of items) seen.add(n);
  }
  expect(seen.size).toBe(1504);
  const third = await logs({ node_id: 'body', scope: '/loop:3' });
  expect(third).toMatchObject({ total: 1, items: [{ node_id: 'body', scope: '/loop:3' }] });
  expect(await logs({ scope: '' })).toMatchObject({ total: 4 });
  expect(await logs({ status: 'failed' })).toEqual({ items: [], total: 0 });
  expect(await logs({ node_id: 'body', limit: 0 })).toEqual({ items: [], total: 1500 });
}, 90_000);

test('wrong requests are refused, and other people’s runs are not there', async () => {
  const { id, detail } = await run('plain', [code('a', 'return 1'), edge(1, 'start.payload', 'a.input')]);
  const step_id = detail.logs.at(-1)?.id;
  const call = (operation: string, input: object) => bob.call(operation, { execution_id: id, ...input });
  expect((await call('executions.stepValue', { step_id: 99 })).status).toBe(404);
  expect((await call('executions.stepValue', { step_id: 'x' })).status).toBe(422);
  expect((await call('executions.stepValue', { step_id, side: 'both' })).status).toBe(422);
  expect((await call('executions.stepValue', { step_id, offset: -1 })).status).toBe(422);
  expect((await call('executions.logs', { limit: -1 })).status).toBe(422);
  expect(await call('executions.stepValue', { step_id, path: 'output.x' })).toMatchObject({
    status: 404,
    body: { detail: 'There is no “x” in output.' },
  });
  const foreign = await ada.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug: 'order-triage',
  });
  for (const [operation, more] of [
    ['executions.logs', {}],
    ['executions.value', {}],
    ['executions.stepValue', { step_id: 1 }],
  ] as const) {
    const refused = await bob.call(operation, { execution_id: foreign.execution_id, ...more });
    expect(refused).toMatchObject({ status: 404, body: { detail: 'Execution not found.' } });
  }
});
