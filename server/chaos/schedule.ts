import type { Pool } from 'pg';
import type { Client } from './client.ts';
import { callsFlow } from './flow.ts';

const EVERY_SECONDS = [1, 1, 2, 3];

/** Makes schedules that fire every few seconds. @returns their ids. */
export async function startSchedules(client: Client, sink: string): Promise<string[]> {
  const document = callsFlow(sink, 'trigger_schedule');
  const workflow = await client.insist<{ id: number }>('POST', '/workflows/import/', { document });
  const ids: string[] = [];
  for (const [n, interval_seconds] of EVERY_SECONDS.entries()) {
    const { id } = await client.insist<{ id: string }>('POST', '/schedules/', {
      name: `Every ${interval_seconds} s, ${n + 1}`,
      workflow_id: workflow.id,
      interval_seconds,
      overlap_policy: 'allow',
      misfire_policy: 'all',
      max_retries: 1000,
    });
    ids.push(id);
  }
  return ids;
}

/** Ends them, so that everything can come to rest. */
export async function pauseSchedules(client: Client, ids: readonly string[]): Promise<void> {
  for (const id of ids) await client.insist('POST', `/schedules/${id}/pause/`);
}

export interface FireCounts {
  readonly fires: number;
  /** Runs beyond one per fire. */
  readonly double: number;
  /** Times a schedule passed over without a word. */
  readonly missing: number;
}

/** Every run of a schedule belongs to one fire, and every fire has one run. */
const DOUBLE = `
select coalesce(sum(abs(n - 1)), 0)::int as n from (
  select count(e.id) as n from schedule_fires f
  left join executions e on e.idempotency_key = f.run_key and e.trigger_kind = 'schedule'
  where f.outcome = 'fired' group by f.run_key
  union all
  select 2 from executions e where e.trigger_kind = 'schedule'
  and not exists (select from schedule_fires f where f.run_key = e.idempotency_key)
) k`;
const MISSING = `
select coalesce(sum(round(gap / interval_seconds) - 1), 0)::int as n from (
  select s.interval_seconds, extract(epoch from lead(f.fire_at) over (partition by s.id order by f.fire_at)
    - coalesce(f.until_at, f.fire_at)) as gap
  from schedule_fires f join schedules s on s.id = f.schedule_id where s.cron is null and not f.is_manual
) g where gap > interval_seconds * 1.5`;

export async function countFires(pool: Pool): Promise<FireCounts> {
  const count = async (sql: string): Promise<number> =>
    (await pool.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
  return {
    fires: await count("select count(*)::int as n from schedule_fires where outcome = 'fired'"),
    double: await count(DOUBLE),
    missing: await count(MISSING),
  };
}
