import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { readEvents } from './events.ts';
import { ended, startTestEngine, storeWorkflow, until } from './test-engine.ts';
import { graphOf } from './test-nodes.ts';
import { CountingServer, kill, spawnEngine } from './test-process.ts';

let database: TestDatabase;
let pool: pg.Pool;
let server: CountingServer;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 4 });
  server = await CountingServer.start();
});
afterAll(async () => {
  await server.close();
  await pool.end();
  await database.drop();
});

const said = async (executionId: string) =>
  (await readEvents(pool, executionId, 0, 1000))
    .filter(({ type }) => type === 'chat_message')
    .map(({ data }) => data['text']);

/** While it is held, calls are recorded and what is told of them is not. */
async function holdEvents(): Promise<{ stuck(): Promise<number[]>; release(): Promise<void> }> {
  const client = await pool.connect();
  await client.query('begin');
  await client.query('lock table event_chunks in exclusive mode');
  return {
    stuck: async () => {
      const { rows } = await pool.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.map(({ pid }) => pid);
    },
    release: async () => {
      await client.query('rollback');
      client.release();
    },
  };
}

it('says again what a process that was killed had recorded and not yet said, and nothing twice', async () => {
  const graph = graphOf(
    [
      ['h', 'host', { url: `${server.url}/slow`, rounds: 2 }],
      ['a', 'tool', { url: server.url }],
    ],
    ['t -> h', 'a.tool -> h.tools'],
  );
  const request = await storeWorkflow(pool, graph);
  const first = await spawnEngine(database.url);
  const front = await startTestEngine(database.url, { drive: false });
  const { executionId } = await front.engine.start(request);
  const asked = (path: string) => until(10_000, async () => server.calls.some((call) => call.path === path));
  // What the first round says is written, what the second says is not.
  await asked('/slow/think/1');
  server.release();
  await asked('/slow/think/2');
  await until(10_000, async () => (await said(executionId)).length === 1);
  const events = await holdEvents();
  server.release();
  await until(10_000, async () => {
    const found = await pool.query(`select from step_calls where execution_id = $1 and key = 'think:2'`, [
      executionId,
    ]);
    return found.rowCount === 1 && (await events.stuck()).length > 0;
  });
  await kill(first);
  for (const pid of await events.stuck()) await pool.query('select pg_terminate_backend($1)', [pid]);
  await until(10_000, async () => (await events.stuck()).length === 0);
  await events.release();
  expect(await said(executionId)).toEqual(['round 1']);

  const second = await startTestEngine(database.url, { drive: true });
  expect(await ended(pool, executionId, 20_000)).toMatchObject({ status: 'completed' });
  expect(await said(executionId)).toEqual(['round 1', 'round 2']);
  const thoughts = server.calls.filter(({ path }) => path.startsWith('/slow/think'));
  expect(thoughts.map(({ path }) => path)).toEqual(['/slow/think/1', '/slow/think/2']);
  const ends = (await readEvents(pool, executionId, 0, 1000)).filter(
    ({ data }) => data['is_tool_call'] === true && data['status'] === 'success',
  );
  expect(ends.map(({ data }) => data['call_key'])).toEqual(['tool:1:a', 'tool:2:a']);
  await second.close();
  await front.close();
}, 60_000);

it('says nothing twice when a later attempt replays what an earlier one has said', async () => {
  const none = { factor: 1, maxMs: 1, jitter: 0, retryOn: [], noRetryOn: [] };
  const retry = { maxAttempts: 2, initialMs: 1, ...none };
  const graph = graphOf([['h', 'host', { url: server.url, rounds: 2, breaks: 1 }, { retry }]], ['t -> h']);
  const { engine, close } = await startTestEngine(database.url, { drive: true });
  const { executionId } = await engine.start(await storeWorkflow(pool, graph));
  expect(await ended(pool, executionId)).toMatchObject({ status: 'completed' });
  expect(await said(executionId)).toEqual(['round 1', 'round 2']);
  const tries = await pool.query('select from steps where execution_id = $1 and node_id = $2', [
    executionId,
    'h',
  ]);
  expect(tries.rowCount).toBe(2);
  await close();
});
