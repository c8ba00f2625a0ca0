import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Connection, connect } from '#server/db/connection.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { prune } from './retention.ts';

let database: TestDatabase;
let connection: Connection;
let workflow: number;
let environment: number;
beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, 4);
  const { rows } = await connection.pool.query<{ workflow: number; environment: number }>(
    `with u as (insert into users (username, role) values ('u', 'normal') returning id),
     w as (insert into workspaces (name) values ('w') returning id),
     e as (insert into environments (workspace_id, name) select id, 'e' from w returning id),
     f as (insert into workflows (environment_id, owner_id, name, slug) select e.id, u.id, 'f', 'f' from e, u returning id)
     select f.id as workflow, e.id as environment from f, e`,
  );
  ({ workflow, environment } = rows[0] ?? { workflow: 0, environment: 0 });
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});
beforeEach(async () => {
  await connection.pool.query('truncate executions, steps, event_chunks, signals, blobs, run_slots cascade');
});

const HELD = ['steps', 'event_chunks', 'signals', 'run_slots'] as const;
const ids = (from: number, to: number) => `generate_series(${from}, ${to}) as n`;
/** The id of the nth run, in order of creation; runs before 10,000 are 40 days old. */
const ID = `(lpad(to_hex((extract(epoch from now() - case when n < 10000 then interval '40 days' else interval '1 day' end)
  * 1000)::bigint / 100000 * 100000 + n), 12, '0') || '70008000000000000000')::uuid`;

/** Ended runs with three steps, a chunk of events and a signal each. */
async function fill(from: number, to: number): Promise<void> {
  const { pool } = connection;
  await pool.query(
    `insert into executions (id, environment_id, workflow_id, workflow_version_id, trigger_node, trigger_kind, root_id,
       status, trigger, created_at, finished_at)
     select ${ID}, $1, $2, 1, 't', 'manual', ${ID}, 'completed', '{}',
       now() - case when n < 10000 then interval '40 days' else interval '1 day' end,
       now() - case when n < 10000 then interval '40 days' else interval '1 day' end
     from ${ids(from, to)}`,
    [environment, workflow],
  );
  await pool.query(
    `insert into steps (execution_id, node_id, attempt, n, status, started_at)
     select ${ID}, 'node' || k, 1, k, 'success', now() from ${ids(from, to)}, generate_series(1, 3) as k`,
  );
  await pool.query(
    `insert into event_chunks (execution_id, first_seq, last_seq, events) select ${ID}, 1, 1, '[]' from ${ids(from, to)}`,
  );
  await pool.query(
    `insert into signals (execution_id, node_id, source, value) select ${ID}, 'a', 's', '1' from ${ids(from, to)}`,
  );
  await pool.query(`insert into run_slots (key, execution_id) select 'k', ${ID} from ${ids(from, to)}`);
}

async function count(table: string): Promise<number> {
  const { rows } = await connection.pool.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return rows[0]?.n ?? -1;
}

async function expectNoOrphans(): Promise<void> {
  for (const table of HELD) {
    const left = `${table} where execution_id not in (select id from executions)`;
    expect([table, await count(left)]).toEqual([table, 0]);
  }
}

const change = (n: number, set: string) =>
  connection.pool.query(`update executions set ${set} from (select ${n} as n) as x where id = ${ID}`);
const has = async (n: number): Promise<boolean> =>
  (await count(`executions, (select ${n} as n) as x where id = ${ID}`)) === 1;

it('removes what is too old, with all that belongs to it', async () => {
  await fill(1, 1200);
  await fill(10_001, 10_010);
  expect(await prune({ db: connection.db, days: 30, runs: 0 })).toBe(1200);
  expect(await count('executions')).toBe(10);
  expect(await count('steps')).toBe(30);
  await expectNoOrphans();
  expect(await prune({ db: connection.db, days: 30, runs: 0 })).toBe(0);
});

it('keeps the newest runs of an environment', async () => {
  await fill(10_001, 10_300);
  expect(await prune({ db: connection.db, days: 0, runs: 100 })).toBe(200);
  expect(await has(10_200)).toBe(false);
  expect(await has(10_201)).toBe(true);
  await expectNoOrphans();
});

it('keeps everything for ever when told so', async () => {
  await fill(1, 50);
  expect(await prune({ db: connection.db, days: 0, runs: 0 })).toBe(0);
  expect(await count('executions')).toBe(50);
});

it('never takes a live run, nor its parents and children, nor one that ended lately', async () => {
  await fill(1, 10);
  await change(2, `status = 'waiting', finished_at = null`);
  // 3 → 4 → 5: the last one still runs.
  const idOf = (n: number) => `(select ${ID} from (select ${n} as n) as y)`;
  await change(4, `parent_id = ${idOf(3)}, root_id = ${idOf(3)}`);
  await change(5, `parent_id = ${idOf(4)}, root_id = ${idOf(3)}, status = 'running', finished_at = null`);
  // 6 waits for 7, which is over.
  await change(6, `status = 'waiting', finished_at = null`);
  await change(7, `parent_id = ${idOf(6)}, root_id = ${idOf(6)}`);
  await change(8, 'finished_at = now()');
  expect(await prune({ db: connection.db, days: 30, runs: 0 })).toBe(3);
  const left = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(has));
  expect(left).toEqual([false, true, true, true, true, true, true, true, false, false]);
  await expectNoOrphans();
});

it('removes values that nothing refers to and that nobody touched for an hour', async () => {
  await fill(1, 1);
  await fill(10_001, 10_001);
  const { pool } = connection;
  await pool.query(
    `insert into blobs (hash, body, bytes, touched_at)
     select decode(h, 'hex'), '1', 1, now() - t::interval
     from (values ('01', '2 hours'), ('02', '2 hours'), ('03', '1 minute'), ('04', '2 hours')) as v(h, t)`,
  );
  await pool.query(
    `update steps set output_hash = '\\x01' where execution_id = (select min(id::text)::uuid from executions)`,
  );
  await pool.query(
    `update steps set input_hash = '\\x02' where execution_id = (select max(id::text)::uuid from executions)`,
  );
  expect(await prune({ db: connection.db, days: 30, runs: 0 })).toBe(1);
  const { rows } = await pool.query(`select encode(hash, 'hex') as hash from blobs order by hash`);
  expect(rows.map((row) => row.hash)).toEqual(['02', '03']);
});

it('sweeps up what came for a run while it was being deleted', async () => {
  await fill(10_001, 10_001);
  const { pool } = connection;
  await pool.query(
    `insert into signals (execution_id, node_id, source, value, created_at)
     select gen_random_uuid(), 'a', 's', '1', now() - t::interval from (values ('2 hours'), ('1 minute')) as v(t)`,
  );
  expect(await prune({ db: connection.db, days: 30, runs: 0 })).toBe(0);
  // The one that came a minute ago stays for now, and the one of the run.
  expect(await count('signals')).toBe(2);
});

it('is done by one process at a time', async () => {
  await fill(1, 300);
  const removed = await Promise.all([1, 2, 3].map(() => prune({ db: connection.db, days: 30, runs: 0 })));
  expect(removed.sort((a, b) => a - b)).toEqual([0, 0, 300]);
});

it('stops between batches when it is told to', async () => {
  await fill(1, 500);
  const stopping = new AbortController();
  const pruning = prune({ db: connection.db, days: 30, runs: 0 }, stopping.signal);
  stopping.abort();
  expect(await pruning).toBeLessThan(500);
  await expectNoOrphans();
});

it('prunes ten thousand of twenty thousand runs while others read and write', async () => {
  await fill(1, 9_999);
  await fill(10_001, 20_000);
  const began = Date.now();
  let isOver = false;
  const pruning = prune({ db: connection.db, days: 30, runs: 0 }).finally(() => {
    isOver = true;
  });
  const slowest = { ms: 0 };
  for (let n = 30_000; !isOver; n += 1) {
    const at = performance.now();
    await fill(n, n);
    await connection.pool.query('select id from executions order by id desc limit 50');
    slowest.ms = Math.max(slowest.ms, performance.now() - at);
  }
  expect(await pruning).toBe(9_999);
  await expectNoOrphans();
  expect(await count("executions where created_at < now() - interval '30 days'")).toBe(0);
  expect(Date.now() - began).toBeLessThan(60_000);
  expect(slowest.ms).toBeLessThan(2000);
}, 120_000);
