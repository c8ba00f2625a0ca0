import { randomUUID } from 'node:crypto';
import type { Insertable, Updateable } from 'kysely';
import { sql } from 'kysely';
import { AppError } from '#domain/problem.ts';
import { CRON_RETRY_SECONDS, DEFAULT_TIMEZONE, type Timing } from '#domain/schedule/timing.ts';
import type { ScheduleTable } from '#server/db/schedule-table.ts';
import { refuseBeyondQuota } from '../quota.ts';
import { armedFor, databaseNow, dateOf, type ScheduleRow, type Trx, timingOf } from './row.ts';
import { checkedFirstFire } from './timing-check.ts';

/** What can be said about a schedule, in the words of the API. Absent: as it is, or the default. */
export interface ScheduleFields {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly interval_seconds?: number | null | undefined;
  readonly cron?: string | null | undefined;
  readonly timezone?: string | undefined;
  readonly start_at?: string | null | undefined;
  readonly end_at?: string | null | undefined;
  readonly jitter_seconds?: number | undefined;
  readonly misfire_policy?: 'skip' | 'once' | 'all' | undefined;
  readonly overlap_policy?: 'skip' | 'queue' | 'allow' | undefined;
  readonly total_repeats?: number | undefined;
  readonly max_retries?: number | undefined;
  readonly timeout_seconds?: number | undefined;
  readonly trigger_payload?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface SchedulePlace {
  readonly environmentId: number;
  readonly workflowId: number;
  readonly triggerNodeId: number | null;
  readonly userId: number;
}

/** Makes an active schedule. @throws AppError `invalid` naming the field that is missing or cannot be. */
export async function insertSchedule(
  trx: Trx,
  place: SchedulePlace,
  fields: ScheduleFields & { readonly name: string },
): Promise<ScheduleRow> {
  await refuseBeyondQuota(trx, 'schedules', place);
  const timing = timingFrom(fields, null);
  const first = checkedFirstFire(timing, await databaseNow(trx));
  const id = randomUUID();
  const row: Insertable<ScheduleTable> = {
    id,
    environment_id: place.environmentId,
    workflow_id: place.workflowId,
    trigger_node_id: place.triggerNodeId,
    user_id: place.userId,
    ...plainColumns(fields),
    name: fields.name,
    ...timingColumns(timing),
    ...armedFor(id, timing, first),
  };
  return trx.insertInto('schedules').values(row).returningAll().executeTakeFirstOrThrow();
}

/** Whether a schedule goes on as it is, or is armed anew: after a pause, or from the beginning. */
export type Rearm = 'keep' | 'resume' | 'restart';

/**
 * Changes a locked schedule. A new pattern, zone or window arms an active one anew; a new interval only when that
 * brings the next run nearer, so that a wait never grows by an edit.
 * @throws AppError `invalid` naming the field.
 */
export async function changeSchedule(
  trx: Trx,
  row: ScheduleRow,
  fields: ScheduleFields,
  rearm: Rearm = 'keep',
): Promise<ScheduleRow> {
  const timing = timingFrom(fields, timingOf(row));
  const counters = rearm === 'restart' ? FRESH : {};
  const isActive = rearm !== 'keep' || row.status === 'active';
  const after = { ...row, ...counters, total_repeats: fields.total_repeats ?? row.total_repeats };
  const isExhausted = after.total_repeats > 0 && after.current_repeat >= after.total_repeats;
  const armed = row.next_fire_at?.getTime() ?? null;
  const isMoved = rearm !== 'keep' || touchesTiming(fields) || (armed === null && isActive && !isExhausted);
  const first = isMoved ? checkedFirst(timing, row, { now: await databaseNow(trx), rearm }) : armed;
  const next = isActive && !isExhausted ? first : null;
  const isOver = isActive && next === null && (await openFires(trx, row.id)) === 0;
  return trx
    .updateTable('schedules')
    .set({
      ...plainColumns(fields),
      ...timingColumns(timing),
      ...counters,
      ...armedFor(row.id, timing, next),
      ...(isActive && { status: isOver ? 'done' : 'active' }),
      updated_at: sql`now()`,
    })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

const FRESH = { current_repeat: 0, current_retry: 0, run_count: 0, error_count: 0, last_error: '' };

function checkedFirst(
  timing: Timing,
  row: ScheduleRow,
  { now, rearm }: { readonly now: number; readonly rearm: Rearm },
): number {
  const before = timingOf(row);
  const armed = row.next_fire_at?.getTime() ?? null;
  const isSame = (['cron', 'timezone', 'startAt', 'endAt'] as const).every(
    (key) => timing[key] === before[key],
  );
  const onlyInterval = rearm === 'keep' && isSame && armed !== null;
  if (onlyInterval && (timing.cron !== null || timing.intervalSeconds === before.intervalSeconds))
    return armed;
  const first = checkedFirstFire(timing, now);
  return onlyInterval ? Math.min(armed, first) : first;
}

const touchesTiming = (fields: ScheduleFields): boolean =>
  (['interval_seconds', 'cron', 'timezone', 'start_at', 'end_at'] as const).some(
    (key) => fields[key] !== undefined,
  );

/** Fires that run or wait to. */
export async function openFires(trx: Trx, scheduleId: string): Promise<number> {
  const { count } = await trx
    .selectFrom('schedule_fires')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('schedule_id', '=', scheduleId)
    .where('ended_at', 'is', null)
    .where('outcome', 'in', ['starting', 'queued', 'fired'])
    .where('is_manual', '=', false)
    .executeTakeFirstOrThrow();
  return count;
}

/** Fires that still wait for their turn will not be made. Their repetitions are given back. */
export async function dropQueued(trx: Trx, scheduleId: string, why: string): Promise<void> {
  await sql`
    with dropped as (
      update schedule_fires set outcome = 'misfired', detail = ${why}, repeat_number = null
      where schedule_id = ${scheduleId} and outcome = 'queued' returning 1
    )
    update schedules set current_repeat = greatest(0, current_repeat - (select count(*)::int from dropped))
    where id = ${scheduleId} and exists (select from dropped)
  `.execute(trx);
}

export async function pauseSchedule(trx: Trx, row: ScheduleRow): Promise<ScheduleRow> {
  if (row.status !== 'active')
    throw new AppError('bad_request', `Cannot pause job with status '${row.status}'.`);
  await dropQueued(trx, row.id, 'The schedule was paused.');
  return trx
    .updateTable('schedules')
    .set({ status: 'paused', next_fire_at: null, next_run_at: null, updated_at: sql`now()` })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function resumeSchedule(trx: Trx, row: ScheduleRow): Promise<ScheduleRow> {
  if (row.status !== 'paused')
    throw new AppError('bad_request', `Cannot resume job with status '${row.status}'.`);
  return changeSchedule(trx, row, {}, 'resume');
}

/** When a schedule fires, from what is asked for and what it was. @throws AppError `invalid` when neither says. */
export function timingFrom(fields: ScheduleFields, before: Timing | null): Timing {
  const cron = fields.cron === undefined ? (before?.cron ?? null) : emptyToNull(fields.cron);
  const interval = fields.interval_seconds ?? before?.intervalSeconds;
  if (interval === undefined && cron === null) {
    const msg = 'Field required: say how many seconds lie between two runs, or give a cron pattern.';
    throw new AppError('invalid', [{ type: 'missing', loc: ['body', 'interval_seconds'], msg }]);
  }
  return {
    intervalSeconds: interval ?? CRON_RETRY_SECONDS,
    cron,
    timezone: fields.timezone ?? before?.timezone ?? DEFAULT_TIMEZONE,
    startAt: fields.start_at === undefined ? (before?.startAt ?? null) : timeOf(fields.start_at),
    endAt: fields.end_at === undefined ? (before?.endAt ?? null) : timeOf(fields.end_at),
    jitterSeconds: fields.jitter_seconds ?? before?.jitterSeconds ?? 0,
  };
}

const emptyToNull = (text: string | null): string | null => (text?.trim() ? text.trim() : null);
const timeOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));

const timingColumns = (timing: Timing) => ({
  interval_seconds: timing.intervalSeconds,
  cron: timing.cron,
  timezone: timing.timezone,
  start_at: dateOf(timing.startAt),
  end_at: dateOf(timing.endAt),
  jitter_seconds: timing.jitterSeconds,
});

const PLAIN = [
  'name',
  'description',
  'misfire_policy',
  'overlap_policy',
  'total_repeats',
  'max_retries',
  'timeout_seconds',
] as const;

type PlainColumns = Pick<Updateable<ScheduleTable>, (typeof PLAIN)[number] | 'trigger_payload'>;

function plainColumns(fields: ScheduleFields): PlainColumns {
  const given = PLAIN.filter((key) => fields[key] !== undefined).map((key) => [key, fields[key]] as const);
  const { trigger_payload } = fields;
  return {
    ...Object.fromEntries(given),
    ...(trigger_payload !== undefined && {
      trigger_payload: trigger_payload === null ? null : JSON.stringify(trigger_payload),
    }),
  };
}
