import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

let server: TestServer;
let bob: Caller;
let slug: string;
let count = 0;
beforeAll(async () => {
  server = await startTestServer();
  bob = await server.addUser('bob');
});
beforeEach(async () => {
  count += 1;
  slug = `graph-${count}`;
  await bob.ok('workflows.create', { name: slug, slug });
});
afterAll(() => server.close());

const node = (id: string, type = 'set', config = {}) => ({
  kind: 'add_node',
  node: { id, type, label: null, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
});
const edge = (id: number, source: string, sourcePort: string, target: string, targetPort = 'input') => ({
  kind: 'add_edge',
  edge: { id, source, sourcePort, target, targetPort, priority: 0 },
});

interface Graph {
  revision: number;
  next_edge_id: number;
  nodes: { id: string }[];
  edges: { id: number }[];
  webhooks: Record<string, string>;
}
const read = () => bob.ok<Graph>('workflows.graph', { workflow_slug: slug });
const change = (base_revision: number, ...commands: unknown[]) =>
  bob.call('workflows.changeGraph', { workflow_slug: slug, base_revision, commands });
const refusals = async (answer: ReturnType<typeof change>) =>
  ((await answer).body as { detail: { validation_errors: string[] } }).detail.validation_errors;

test('a batch is one revision', async () => {
  const answer = await change(0, node('a'), node('b'), edge(5, 'a', 'output', 'b'));
  expect(answer).toMatchObject({ status: 200, body: { revision: 1, next_edge_id: 6, webhooks: {} } });
  expect(await read()).toMatchObject({
    revision: 1,
    next_edge_id: 6,
    nodes: [{ id: 'a' }, { id: 'b' }],
    edges: [{ id: 5 }],
  });
});

test('a stale save is refused with what it missed, and changes nothing', async () => {
  await change(0, node('a'));
  await change(1, node('b'), { kind: 'move_node', id: 'a', x: 5, y: 6 });
  const stale = await change(0, node('c'));
  expect(stale).toMatchObject({
    status: 409,
    body: {
      code: 'conflict',
      revision: 2,
      missing: [node('a'), node('b'), { kind: 'move_node', id: 'a', x: 5, y: 6 }],
    },
  });
  expect((await read()).nodes.map((one) => one.id)).toEqual(['a', 'b']);
  expect((await change(7, node('c'))).status).toBe(409);
});

test('of many who save the same revision at once one wins', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => change(0, node(`n${n}`))));
  expect(answers.filter((one) => one.status === 200)).toHaveLength(1);
  expect(answers.filter((one) => one.status === 409)).toHaveLength(9);
  expect((await read()).nodes).toHaveLength(1);
});

test('all or none: one bad command undoes the batch and is named', async () => {
  const answer = await change(0, node('a'), { kind: 'remove_node', id: 'ghost' });
  expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'commands', 1] }] } });
  expect(await read()).toMatchObject({ revision: 0, nodes: [] });
});

test('edges that may not exist are refused with the sentence the canvas shows', async () => {
  const nodes = [
    node('hook', 'trigger_webhook'),
    node('a'),
    node('b'),
    node('text', 'set', { mode: 'text' }),
  ];
  await change(0, ...nodes, edge(1, 'a', 'output', 'b'));
  expect(await refusals(change(1, edge(2, 'a', 'output', 'b')))).toEqual([
    'These two ports are already connected.',
  ]);
  expect(await refusals(change(1, edge(2, 'b', 'output', 'a')))).toEqual([
    expect.stringContaining('in a circle'),
  ]);
  expect(await refusals(change(1, edge(2, 'a', 'output', 'a')))).toEqual([
    expect.stringContaining('cannot feed itself'),
  ]);
  expect(await refusals(change(1, edge(2, 'a', 'output', 'hook')))).toEqual([
    expect.stringContaining('trigger'),
  ]);
  expect(await refusals(change(1, node('r', 'reply'), edge(2, 'text', 'output', 'r', 'status')))).toEqual([
    expect.stringContaining('Type mismatch'),
  ]);
  expect((await read()).revision).toBe(1);
});

test('an edge to a node that is not there is kept and reported', async () => {
  expect((await change(0, node('a'), edge(1, 'a', 'output', 'ghost'))).status).toBe(200);
  const checked = await bob.ok<{ errors: string[] }>('workflows.validate', { workflow_slug: slug });
  expect(checked.errors).toContain("Edge references unknown target node 'ghost'");
});

test('unknown node types and oversized configurations are refused', async () => {
  expect(await refusals(change(0, node('a', 'run_command')))).toEqual([
    expect.stringContaining('run_command'),
  ]);
  expect(await refusals(change(0, node('a', 'set', { text: 'x'.repeat(600_000) })))).toEqual([
    expect.stringContaining('KiB'),
  ]);
});

test('a webhook keeps its address when its node is removed and comes back', async () => {
  const { body } = await change(0, node('hook', 'trigger_webhook'));
  const address = (body as Graph).webhooks['hook'];
  expect(address).toMatch(/^\/webhooks\/[A-Za-z0-9_-]{43}$/);
  expect((await change(1, { kind: 'remove_node', id: 'hook' })).body).toMatchObject({ webhooks: {} });
  expect((await server.nobody.send('POST', address ?? '', {})).status).toBe(404);
  expect((await change(2, node('hook', 'trigger_webhook'))).body).toMatchObject({
    webhooks: { hook: address },
  });
});

test('2000 nodes go in, 2001 do not', async () => {
  const many = Array.from({ length: 2001 }, (_, n) => node(`n${n}`));
  expect((await change(0, ...many)).status).toBe(422);
  expect((await change(0, ...many.slice(1))).status).toBe(200);
  expect((await read()).nodes).toHaveLength(2000);
});

test('8 MiB may be sent here, more is 413', async () => {
  const heavy = Array.from({ length: 20 }, (_, n) => node(`n${n}`, 'set', { text: 'x'.repeat(200_000) }));
  expect((await change(0, ...heavy)).status).toBe(200);
  const tooHeavy = Array.from({ length: 50 }, (_, n) => node(`m${n}`, 'set', { text: 'x'.repeat(200_000) }));
  expect((await change(1, ...tooHeavy)).status).toBe(413);
});

test.each([
  [{ commands: [] }, 'commands'],
  [{ base_revision: -1 }, 'base_revision'],
  [{ base_revision: '' }, 'base_revision'],
  [{ commands: [{ kind: 'explode' }] }, 'commands'],
  [{ commands: [node('bad id!')] }, 'commands'],
  [{ commands: [edge(0, 'a', 'output', 'b')] }, 'commands'],
  [{ commands: [{ ...node('a'), node: { ...node('a').node, x: 1e9 } }] }, 'commands'],
  [{ commands: 'all' }, 'commands'],
])('bad input %j is 422 and names the field', async (input, field) => {
  const answer = await bob.call('workflows.changeGraph', {
    workflow_slug: slug,
    base_revision: 0,
    commands: [node('a')],
    ...input,
  });
  expect(answer.status).toBe(422);
  expect((answer.body as { detail: { loc: unknown[] }[] }).detail[0]?.loc[1]).toBe(field);
});
