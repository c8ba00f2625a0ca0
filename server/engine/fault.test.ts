import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { brokenInvariants } from '../chaos/invariant.ts';
import { ended, startTestEngine, storeWorkflow, until } from './test-engine.ts';
import { chain, graphOf } from './test-nodes.ts';
import { CountingServer } from './test-process.ts';

let database: TestDatabase;
let pool: pg.Pool;
let server: CountingServer;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 4 });
  server = await CountingServer.start(20);
});
afterAll(async () => {
  await server.close();
  await pool.end();
  await database.drop();
});

const open = async (): Promise<number> =>
  (
    await pool.query<{ n: number }>(
      "select count(*)::int as n from executions where status in ('queued', 'running', 'waiting')",
    )
  ).rows[0]?.n ?? 0;

it('goes on with waiting runs within two seconds of their time, whoever is there by then', async () => {
  const request = await storeWorkflow(
    pool,
    graphOf(
      [
        ['p', 'pause', { ms: 4000 }],
        ['z', 'pass'],
      ],
      ['t -> p', 'p -> z'],
    ),
  );
  const before = await startTestEngine(database.url, { drive: true });
  await Promise.all(Array.from({ length: 300 }, () => before.engine.start(request)));
  const parked = "select count(*)::int as n from executions where status = 'waiting' and owner is null";
  await until(10_000, async () => (await pool.query<{ n: number }>(parked)).rows[0]?.n === 300);
  // None of them holds anything of the process.
  expect(before.engine.stats()).toEqual({ driving: 0, inline: 0, journal: 0 });
  await before.close();
  const after = await startTestEngine(database.url, { drive: true });
  const restarted = Date.now();
  await until(20_000, async () => (await open()) === 0);
  const { rows } = await pool.query<{ due: number; finished: number }>(
    `select (extract(epoch from s.resume_at) * 1000)::float8 as due, (extract(epoch from e.finished_at) * 1000)::float8 as finished
     from executions e join steps s on s.execution_id = e.id and s.node_id = 'p'`,
  );
  const late = rows.map(({ due, finished }) => finished - Math.max(due, restarted));
  expect(rows).toHaveLength(300);
  expect(Math.max(...late)).toBeLessThan(2000);
  expect(await brokenInvariants(pool)).toEqual([]);
  await after.close();
});

it('lets nobody wait behind the flood of another', async () => {
  const call = graphOf([['c', 'call', { url: `${server.url}/flood` }]], ['t -> c']);
  const front = await startTestEngine(database.url, { drive: false });
  const worker = await startTestEngine(database.url, { drive: true, concurrency: 4 });
  const flood = await storeWorkflow(pool, call);
  await Promise.all(Array.from({ length: 2000 }, () => front.engine.start(flood)));
  const other = await storeWorkflow(pool, chain(3));
  const began = Date.now();
  const { executionId } = await front.engine.start(other);
  await ended(pool, executionId, 5000);
  expect(Date.now() - began).toBeLessThan(5000);
  // The flood is still there, or nobody had to be let past.
  expect(await open()).toBeGreaterThan(500);
  await worker.close();
  await front.close();
  await pool.query(
    "update executions set status = 'cancelled', finished_at = now() where status <> 'completed'",
  );
});

it('finds runs and jobs that became its own by a commit nobody heard of', async () => {
  const front = await startTestEngine(database.url, { drive: false });
  const request = await storeWorkflow(pool, chain(3));
  const { executionId: claimed } = await front.engine.start(request);
  const { executionId: fetched } = await front.engine.start({ ...request, payload: 2 });
  // What the database looks like when a claim, or the hand-out of a job, was committed and the answer got lost.
  await pool.query("select graphile_worker.remove_job('run:' || $1::text)", [claimed]);
  await pool.query(
    "update graphile_worker._private_jobs set locked_by = 'nobody yet', locked_at = now() where key = 'run:' || $1::text",
    [fetched],
  );
  const worker = await startTestEngine(database.url, { drive: true });
  const found = await until(5000, async () => {
    const { rows } = await pool.query<{ id: string; locker: string }>(
      `select id, graphile_ids->>0 as locker from processes where json_array_length(graphile_ids) > 0`,
    );
    return rows[0];
  });
  await pool.query("update executions set owner = $2, owner_token = 1, status = 'running' where id = $1", [
    claimed,
    found.id,
  ]);
  await pool.query(
    `update graphile_worker._private_jobs set locked_by = $2, locked_at = now() - interval '1 minute'
     where key = 'run:' || $1::text`,
    [fetched, found.locker],
  );
  expect(await ended(pool, claimed, 5000)).toMatchObject({ status: 'completed', losses: 0 });
  expect(await ended(pool, fetched, 15_000)).toMatchObject({ status: 'completed' });
  await worker.close();
  await front.close();
});
