import type { Pool } from 'pg';
import { LOCK_SPACE } from '#server/engine/process.ts';

export interface DatabaseSample {
  /** Live runs by state; `held` ones wait for a slot of their workflow or environment. */
  readonly runs: Readonly<Record<string, number>>;
  /** Jobs a worker could take now, and for how long the oldest has been due. */
  readonly dueJobs: number;
  readonly oldestDueSeconds: number;
  /** Living processes by role. */
  readonly processes: Readonly<Record<string, number>>;
}

/** Both counts read partial indexes of what is alive, whatever the history holds. */
const RUNS = `
select case when held then 'held' else status end as state, count(*)::int as n from executions
where status in ('queued', 'running', 'waiting') group by 1`;
const JOBS = `
select count(*)::int as n, coalesce(extract(epoch from now() - min(run_at)), 0)::float8 as oldest
from graphile_worker._private_jobs where is_available and run_at <= now()`;
const PROCESSES = `
select p.role, count(*)::int as n from processes p
join pg_locks l on l.locktype = 'advisory' and l.classid = $1::oid and l.objid::bigint = p.lock_key and l.objsubid = 2
  and l.granted and l.database = (select oid from pg_database where datname = current_database())
group by 1`;

const PATIENCE_MS = 2000;
/** However many ask, the database is asked once in this time. */
const FRESH_MS = 1000;

/** Reads what only the database knows; null while it does not answer. */
export function databaseSampler(pool: Pool): () => Promise<DatabaseSample | null> {
  let last: Promise<DatabaseSample | null> = Promise.resolve(null);
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - readAt < FRESH_MS) return last;
    readAt = now;
    last = inTime(read(pool));
    return last;
  };
}

async function read(pool: Pool): Promise<DatabaseSample> {
  const [runs, jobs, processes] = await Promise.all([
    pool.query<{ state: string; n: number }>(RUNS),
    pool.query<{ n: number; oldest: number }>(JOBS),
    pool.query<{ role: string; n: number }>(PROCESSES, [LOCK_SPACE]),
  ]);
  return {
    runs: Object.fromEntries(runs.rows.map(({ state, n }) => [state, n])),
    dueJobs: jobs.rows[0]?.n ?? 0,
    oldestDueSeconds: jobs.rows[0]?.oldest ?? 0,
    processes: Object.fromEntries(processes.rows.map(({ role, n }) => [role, n])),
  };
}

async function inTime(work: Promise<DatabaseSample>): Promise<DatabaseSample | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS);
  });
  const sample = await Promise.race([work.catch(() => null), late]);
  clearTimeout(timer);
  return sample;
}
