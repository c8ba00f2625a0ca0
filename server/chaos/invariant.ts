import type { Pool } from 'pg';
import { LOCK_SPACE } from '#server/engine/process.ts';

/** Something that must be true of the database whenever nobody is writing to it. `sql` answers what breaks it. */
export interface Invariant {
  readonly name: string;
  readonly sql: string;
}

export interface Broken {
  readonly name: string;
  readonly count: number;
  /** A few of the rows, for whoever looks into it. */
  readonly rows: readonly unknown[];
}

const OVER = "('completed', 'failed', 'cancelled')";
const ALIVE = `select p.id from processes p join pg_locks l on l.locktype = 'advisory' and l.classid = ${LOCK_SPACE}::oid
  and l.objid::bigint = p.lock_key and l.objsubid = 2 and l.granted
  and l.database = (select oid from pg_database where datname = current_database())`;

export const invariants: readonly Invariant[] = [
  {
    name: 'a run that is over has an end time and no owner',
    sql: `select id, status, owner, finished_at from executions
      where status in ${OVER} and (finished_at is null or owner is not null)`,
  },
  {
    name: 'a run that is not over has no end time',
    sql: `select id, status, finished_at from executions where status not in ${OVER} and finished_at is not null`,
  },
  {
    name: "a run's last event agrees with its status",
    sql: `select e.id, e.status, c.last from executions e
      join lateral (select events->-1->>'type' as last from event_chunks
        where execution_id = e.id order by first_seq desc limit 1) c on true
      where (e.status in ${OVER} or c.last in ('execution_completed', 'execution_failed', 'execution_cancelled'))
        and c.last <> 'execution_' || e.status`,
  },
  {
    name: 'every run that is over has events',
    sql: `select id, status from executions e where status in ${OVER}
      and not exists (select from event_chunks c where c.execution_id = e.id)`,
  },
  {
    name: 'the events of a run are numbered from 1 without a gap',
    sql: `select execution_id, first_seq, before from (
        select execution_id, first_seq, lag(last_seq, 1, 0) over (partition by execution_id order by first_seq) as before
        from event_chunks) c where first_seq <> before + 1
      union all select execution_id, first_seq, last_seq from event_chunks
      where json_array_length(events) <> last_seq - first_seq + 1
        or (events->0->>'seq')::int <> first_seq or (events->-1->>'seq')::int <> last_seq
      union all select e.id, e.next_seq, max(c.last_seq) from executions e
      join event_chunks c on c.execution_id = e.id group by e.id having e.next_seq <> max(c.last_seq) + 1`,
  },
  {
    name: 'no step has succeeded twice',
    sql: `select execution_id, node_id, scope, count(*) from steps where status = 'success'
      group by 1, 2, 3 having count(*) > 1`,
  },
  {
    name: 'no step without a run',
    sql: `select execution_id, node_id from steps s where not exists (select from executions e where e.id = s.execution_id)
      union all select execution_id, null from event_chunks c
      where not exists (select from executions e where e.id = c.execution_id)`,
  },
  {
    name: 'no step of a run that is over is still open',
    sql: `select s.execution_id, s.node_id, s.status from steps s join executions e on e.id = s.execution_id
      where e.status in ${OVER} and s.status = 'waiting'`,
  },
  {
    name: 'no step began more than a second after the run was asked to stop',
    sql: `select s.execution_id, s.node_id, s.started_at, e.cancel_requested_at from steps s
      join executions e on e.id = s.execution_id
      where s.status in ('success', 'failed') and s.started_at > e.cancel_requested_at + interval '1 second'`,
  },
  {
    name: 'a run that is being driven has a living owner',
    sql: `select id, status, owner from executions where status not in ${OVER} and owner is not null
      and owner not in (${ALIVE})`,
  },
  {
    name: 'a run that nobody drives and that waits for nothing has a job',
    sql: `select id, status from executions e where status in ('queued', 'running') and owner is null and not held
      and not exists (select from graphile_worker._private_jobs j where j.key = 'run:' || e.id)`,
  },
  {
    name: 'a run that waits for a time has a job that wakes it',
    sql: `select id, wake_at from executions e where status = 'waiting' and wake_at is not null and owner is null
      and not exists (select from graphile_worker._private_jobs j where j.key = 'run:' || e.id)`,
  },
  {
    name: 'no due job has been left lying for a minute',
    sql: `select id, key, run_at, locked_by from graphile_worker._private_jobs
      where run_at < now() - interval '60 seconds' and locked_by is null`,
  },
  {
    name: 'no workflow inside a workflow outlives the run that waits for it',
    sql: `select c.id, c.status, p.status as parent from executions c join executions p on p.id = c.parent_id
      where c.parent_source is not null and p.status in ${OVER} and c.status not in ${OVER}`,
  },
  {
    name: 'no slot is held by a run that is over',
    sql: `select s.key, s.execution_id from run_slots s left join executions e on e.id = s.execution_id
      where e.id is null or e.status in ${OVER}`,
  },
];

/** Every invariant that does not hold. Ask when nothing runs: in between, most are broken for a moment. */
export async function brokenInvariants(
  pool: Pool,
  checked: readonly Invariant[] = invariants,
): Promise<Broken[]> {
  const broken: Broken[] = [];
  for (const { name, sql } of checked) {
    const { rows } = await pool.query(sql);
    if (rows.length > 0) broken.push({ name, count: rows.length, rows: rows.slice(0, 5) });
  }
  return broken;
}
