import { type Selectable, sql, type Transaction } from 'kysely';
import type { z } from 'zod';
import type { fireOut, scheduleOut } from '#contract/schedule.ts';
import { dueTime } from '#domain/schedule/fire-time.ts';
import type { Timing } from '#domain/schedule/timing.ts';
import type { Db } from '#server/db/connection.ts';
import type { ScheduleFireTable, ScheduleTable } from '#server/db/schedule-table.ts';
import type { Database } from '#server/db/schema.ts';

export type Store = Db | Transaction<Database>;
export type Trx = Transaction<Database>;
export type ScheduleRow = Selectable<ScheduleTable>;
export type FireRow = Selectable<ScheduleFireTable>;
export type ScheduleOut = z.input<typeof scheduleOut>;

/** Which fire of which schedule; `fireAt` in milliseconds since the epoch. */
export interface FireKey {
  readonly scheduleId: string;
  readonly fireAt: number;
}

const ms = (time: Date | null): number | null => time?.getTime() ?? null;
const iso = (time: Date | null): string | null => time?.toISOString() ?? null;
export const dateOf = (time: number | null): Date | null => (time === null ? null : new Date(time));

type TimingColumns = Pick<
  ScheduleRow,
  'interval_seconds' | 'cron' | 'timezone' | 'start_at' | 'end_at' | 'jitter_seconds'
>;

export const timingOf = (row: TimingColumns): Timing => ({
  intervalSeconds: row.interval_seconds,
  cron: row.cron,
  timezone: row.timezone,
  startAt: ms(row.start_at),
  endAt: ms(row.end_at),
  jitterSeconds: row.jitter_seconds,
});

/** The columns that arm a schedule for a fire; null disarms it. */
export const armedFor = (id: string, timing: Timing, fireAt: number | null) => ({
  next_fire_at: dateOf(fireAt),
  next_run_at: fireAt === null ? null : new Date(dueTime(id, timing, fireAt)),
});

/** The database's clock in whole milliseconds: the only one that schedules know. */
export async function databaseNow(db: Store): Promise<number> {
  const { rows } = await sql<{ now: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now
  `.execute(db);
  return rows[0]?.now ?? Date.now();
}

export const scheduleOutOf = (row: ScheduleRow): ScheduleOut => ({
  id: row.id,
  name: row.name,
  description: row.description,
  workflow_id: row.workflow_id,
  trigger_node_id: row.trigger_node_id,
  user_profile_id: row.user_id,
  interval_seconds: row.interval_seconds,
  total_repeats: row.total_repeats,
  max_retries: row.max_retries,
  timeout_seconds: row.timeout_seconds,
  trigger_payload: row.trigger_payload as ScheduleOut['trigger_payload'],
  status: row.status,
  current_repeat: row.current_repeat,
  current_retry: row.current_retry,
  last_run_at: iso(row.last_run_at),
  next_run_at: iso(row.next_run_at),
  run_count: row.run_count,
  error_count: row.error_count,
  last_error: row.last_error,
  created_at: iso(row.created_at),
  updated_at: iso(row.updated_at),
  cron: row.cron,
  timezone: row.timezone,
  start_at: iso(row.start_at),
  end_at: iso(row.end_at),
  jitter_seconds: row.jitter_seconds,
  misfire_policy: row.misfire_policy,
  overlap_policy: row.overlap_policy,
});

export const fireOutOf = (row: FireRow): z.input<typeof fireOut> => ({
  fire_at: row.fire_at.toISOString(),
  until_at: iso(row.until_at),
  outcome: row.outcome,
  detail: row.detail,
  manual: row.is_manual,
  repeat_number: row.repeat_number,
  execution_id: row.execution_id,
  result: row.result,
  recorded_at: row.recorded_at.toISOString(),
  ended_at: iso(row.ended_at),
});
