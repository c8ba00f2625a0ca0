import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { storeWorkflow, until } from './test-engine.ts';
import { graphOf } from './test-nodes.ts';
import { CountingServer, kill, spawnEngine } from './test-process.ts';

let database: TestDatabase;
let pool: pg.Pool;
let server: CountingServer;
let child: ChildProcess | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  server = await CountingServer.start(15);
});
afterAll(async () => {
  if (child) await kill(child);
  await server.close();
  await pool.end();
  await database.drop();
});

const CALLS = ['first', 'left', 'right', 'last'];
const KILLS = 10;
const RUNS = 200;

/** A flow that calls out four times, twice at once, with pure steps in between. */
function flow() {
  const call = (id: string) => [id, 'call', { url: `${server.url}/${id}` }] as const;
  return graphOf(
    [call('first'), ['between', 'pass'], call('left'), call('right'), ['join', 'collect'], call('last')],
    [
      't -> first',
      'first -> between',
      'between -> left',
      'between -> right',
      'left -> join',
      'right -> join',
      'join -> last',
    ],
  );
}

/** Ids a process has acknowledged; the line being written when it died was not. */
function acknowledgedBy(one: ChildProcess, ids: Set<string>): void {
  let rest = '';
  one.stdout?.on('data', (data: Buffer) => {
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.length === 36) ids.add(line);
  });
}

it('loses nothing and repeats nothing it has recorded when its process is killed ten times', {
  timeout: 120_000,
}, async () => {
  const request = await storeWorkflow(pool, flow());
  const acknowledged = new Set<string>();
  for (let round = 0; round < KILLS || acknowledged.size < RUNS; round += 1) {
    child = await spawnEngine(database.url, request);
    acknowledgedBy(child, acknowledged);
    await pause(300 + Math.random() * 700);
    await kill(child);
  }
  child = await spawnEngine(database.url);
  await until(30_000, async () => {
    const { rows } = await pool.query<{ open: number }>(
      "select count(*)::int as open from executions where status in ('queued', 'running', 'waiting')",
    );
    return rows[0]?.open === 0;
  });

  const { rows: runs } = await pool.query<{ id: string; status: string; error: unknown }>(
    'select id, status, error from executions',
  );
  const found = new Set(runs.map((run) => run.id));
  expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
  expect(runs.filter((run) => run.status !== 'completed')).toEqual([]);

  const { rows: steps } = await pool.query<{ key: string; finished: number; n: number }>(
    `select execution_id || ':' || node_id || ':' || scope as key, (extract(epoch from finished_at) * 1000)::float8 as finished, n
     from steps where node_id = any($1) and status = 'success'`,
    [CALLS],
  );
  expect(steps).toHaveLength(runs.length * CALLS.length);
  const recorded = new Map(steps.map((step) => [step.key, step.finished]));
  expect(recorded.size).toBe(steps.length);
  // Every call carries its step's key, and none comes after that step's result was recorded.
  expect(server.calls.filter((call) => !(call.at <= (recorded.get(call.key) ?? 0)))).toEqual([]);
  expect(new Set(server.calls.map((call) => call.key)).size).toBe(steps.length);
  // The kills did hit steps in flight, or this test shows nothing.
  expect(server.calls.length).toBeGreaterThan(steps.length);

  const { rows: gaps } = await pool.query(
    `select execution_id from (select execution_id, first_seq, lag(last_seq, 1, 0) over (partition by execution_id order by first_seq) as before
     from event_chunks) c where first_seq <> before + 1`,
  );
  expect(gaps).toEqual([]);
});
