import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { connect } from '#server/db/connection.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { readEvents } from './events.ts';
import { sendSignal } from './signal.ts';
import { ended, startTestEngine, storeWorkflow, until } from './test-engine.ts';
import { graphOf } from './test-nodes.ts';
import { CountingServer, kill, spawnEngine } from './test-process.ts';

let database: TestDatabase;
let pool: pg.Pool;
let server: CountingServer;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 4 });
});
beforeEach(async () => {
  await server?.close();
  server = await CountingServer.start();
});
afterAll(async () => {
  await server.close();
  await pool.end();
  await database.drop();
});

const hostWith = (tools: readonly (readonly [string, string, Record<string, unknown>?])[], rounds: number) =>
  graphOf(
    [['h', 'host', { url: server.url, rounds }], ...tools],
    ['t -> h', ...tools.map(([id]) => `${id}.tool -> h.tools`)],
  );
const paths = (): string[] => server.calls.map((call) => call.path).sort();
const calls = async (executionId: string) =>
  (
    await pool.query<{
      key: string;
      kind: string;
      title: string;
      tool_node: string | null;
      is_error: boolean;
    }>('select key, kind, title, tool_node, is_error from step_calls where execution_id = $1 order by n', [
      executionId,
    ])
  ).rows;

it('calls plugged tools, records what they gave, and tells their story', async () => {
  const { engine, close } = await startTestEngine(database.url, { drive: true });
  const graph = hostWith([['a', 'tool', { url: server.url }]], 2);
  const { executionId } = await engine.start(await storeWorkflow(pool, graph));
  const run = await ended(pool, executionId);
  expect(run).toMatchObject({ status: 'completed' });
  expect(paths()).toEqual(['/think/1', '/think/2', '/tool/1', '/tool/2']);
  expect(await calls(executionId)).toEqual([
    { key: 'think:1', kind: 'model', title: 'thought', tool_node: null, is_error: false },
    { key: 'tool:1:a', kind: 'tool', title: 'fetch', tool_node: 'a', is_error: false },
    { key: 'think:2', kind: 'model', title: 'thought', tool_node: null, is_error: false },
    { key: 'tool:2:a', kind: 'tool', title: 'fetch', tool_node: 'a', is_error: false },
  ]);
  const events = await readEvents(pool, executionId, 0, 100);
  expect(events.filter((event) => event.type === 'chat_message').map((event) => event.data)).toEqual([
    { text: 'round 1', node_id: 'h', call_key: 'think:1' },
    { text: 'round 2', node_id: 'h', call_key: 'think:2' },
  ]);
  const lit = events.filter((event) => event.data['is_tool_call'] === true);
  expect(
    lit.map(({ data }) => [data['node_id'], data['status'], data['tool_name'], data['parent_node_id']]),
  ).toEqual([
    ['a', 'running', 'fetch', 'h'],
    ['a', 'success', 'fetch', 'h'],
    ['a', 'running', 'fetch', 'h'],
    ['a', 'success', 'fetch', 'h'],
  ]);
  // A tool is a part of its host, not a step.
  const { rows } = await pool.query('select node_id from steps where execution_id = $1 order by n', [
    executionId,
  ]);
  expect(rows).toEqual([{ node_id: 't' }, { node_id: 'h' }]);
  await close();
});

it('does nothing again after kill -9 that had a result', async () => {
  const graph = hostWith(
    [
      ['a', 'tool', { url: server.url }],
      ['s', 'tool', { url: `${server.url}/slow` }],
    ],
    2,
  );
  const request = await storeWorkflow(pool, graph);
  const first = await spawnEngine(database.url);
  const front = await startTestEngine(database.url, { drive: false });
  const { executionId } = await front.engine.start(request);
  await until(10_000, async () => (await calls(executionId)).length === 2 && paths().length === 3);
  await kill(first);
  const second = await startTestEngine(database.url, { drive: true });
  // Only what had no result is asked for again; what was under way is.
  const letGo = setInterval(() => server.release(), 20);
  expect(await ended(pool, executionId, 20_000)).toMatchObject({ status: 'completed' });
  clearInterval(letGo);
  const count = (path: string) => paths().filter((one) => one === path).length;
  expect(count('/think/1')).toBe(1);
  expect(count('/tool/1')).toBe(1);
  expect(count('/slow/tool/1')).toBe(2);
  const keys = server.calls.filter((call) => call.path === '/slow/tool/1').map((call) => call.key);
  expect(new Set(keys).size).toBe(1);
  await second.close();
  await front.close();
}, 40_000);

it('lets tools wait one after the other', async () => {
  const { engine, close } = await startTestEngine(database.url, { drive: true });
  const own = connect(database.url, 2);
  const graph = hostWith(
    [
      ['q', 'asker'],
      ['a', 'tool', { url: server.url }],
    ],
    2,
  );
  const { executionId } = await engine.start(await storeWorkflow(pool, graph));
  for (const round of [1, 2]) {
    const waiting = `select 1 from executions where id = $1 and status = 'waiting' and owner is null and $2::text is not null`;
    await until(10_000, async () => {
      const done = (await calls(executionId)).some((call) => call.key === `tool:${round}:a`);
      return done && (await pool.query(waiting, [executionId, String(round)])).rowCount === 1;
    });
    const signal = {
      executionId,
      node: 'h',
      scope: '',
      source: `ask:tool:${round}:q`,
      value: `yes ${round}`,
    };
    expect(await sendSignal(own.db, signal)).toBe(true);
  }
  const run = await ended(pool, executionId);
  expect(run).toMatchObject({ status: 'completed' });
  expect(JSON.stringify(run['output'])).toContain('yes 1');
  expect(JSON.stringify(run['output'])).toContain('yes 2');
  expect(paths()).toEqual(['/think/1', '/think/2', '/tool/1', '/tool/2']);
  await own.close();
  await close();
});

it('gives errors of tools to their host as results', async () => {
  const { engine, close } = await startTestEngine(database.url, { drive: true });
  const graph = hostWith([['a', 'tool', { url: 'http://127.0.0.1:1' }]], 1);
  const { executionId } = await engine.start(await storeWorkflow(pool, graph));
  expect(await ended(pool, executionId)).toMatchObject({ status: 'completed' });
  expect((await calls(executionId)).at(-1)).toMatchObject({ key: 'tool:1:a', is_error: true });
  const events = await readEvents(pool, executionId, 0, 100);
  expect(
    events.find((event) => event.data['is_tool_call'] && event.data['status'] === 'failed')?.data,
  ).toMatchObject({
    node_id: 'a',
    error: expect.stringContaining('ECONNREFUSED'),
  });
  await close();
});
