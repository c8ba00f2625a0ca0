import { type Insertable, type SqlBool, sql } from 'kysely';
import { type FirePlan, type Load, type PlannedFire, planFires } from '#domain/schedule/fire-plan.ts';
import { schedulePayload } from '#domain/schedule/payload.ts';
import type { Db } from '#server/db/connection.ts';
import type { ScheduleFireTable } from '#server/db/schedule-table.ts';
import {
  armedFor,
  databaseNow,
  type FireKey,
  type FireRow,
  type ScheduleRow,
  type Trx,
  timingOf,
} from './row.ts';

/** Schedules claimed in one transaction. */
export const CLAIM_BATCH = 50;

/** The name under which the run of a fire is started, however often somebody tries. */
export const runKeyOf = ({ scheduleId, fireAt }: FireKey): string =>
  `schedule:${scheduleId}:${new Date(fireAt).toISOString()}`;

export interface Claimed {
  /** How many schedules were due; as many as the batch holds means there may be more. */
  readonly schedules: number;
  readonly toStart: readonly FireRow[];
}

/**
 * Takes due schedules, records what becomes of each due fire and arms the next. Several processes share the work: one
 * has a schedule at a time, and the record's key keeps a fire from being made twice.
 */
export function claimDue(db: Db): Promise<Claimed> {
  return db.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('schedules')
      .selectAll()
      .where('status', '=', 'active')
      .where(sql<SqlBool>`next_run_at <= clock_timestamp()`)
      .orderBy('next_run_at')
      .limit(CLAIM_BATCH)
      .forUpdate()
      .skipLocked()
      .execute();
    if (rows.length === 0) return { schedules: 0, toStart: [] };
    const loads = await loadsOf(
      trx,
      rows.map(({ id }) => id),
    );
    const now = await databaseNow(trx);
    const toStart: FireRow[] = [];
    for (const row of rows) toStart.push(...(await fireOne(trx, row, { now, load: loads.get(row.id) })));
    return { schedules: rows.length, toStart };
  });
}

async function fireOne(
  trx: Trx,
  row: ScheduleRow,
  { now, load }: { readonly now: number; readonly load: Load | undefined },
): Promise<FireRow[]> {
  if (!row.next_fire_at || !load) return [];
  const timing = timingOf(row);
  const plan = planFires(
    {
      id: row.id,
      timing,
      misfirePolicy: row.misfire_policy,
      overlapPolicy: row.overlap_policy,
      totalRepeats: row.total_repeats,
      currentRepeat: row.current_repeat,
      nextFireAt: row.next_fire_at.getTime(),
    },
    now,
    load,
  );
  const recorded = await recordFires(
    trx,
    plan.fires.map((fire) => fireColumns(row, fire)),
  );
  await arm(trx, row, plan);
  return recorded.filter((fire) => fire.outcome === 'starting');
}

async function arm(trx: Trx, row: ScheduleRow, plan: FirePlan): Promise<void> {
  await trx
    .updateTable('schedules')
    .set({
      ...armedFor(row.id, timingOf(row), plan.nextFireAt),
      current_repeat: plan.currentRepeat,
      ...(plan.isDone && { status: 'done' as const }),
    })
    .where('id', '=', row.id)
    .execute();
}

/** Writes fires down; one that is on record already stays as it is. @returns those that are new. */
export async function recordFires(
  trx: Trx,
  fires: readonly Insertable<ScheduleFireTable>[],
): Promise<FireRow[]> {
  const recorded: FireRow[] = [];
  for (let at = 0; at < fires.length; at += RECORDS_AT_ONCE) {
    const rows = await trx
      .insertInto('schedule_fires')
      .values(fires.slice(at, at + RECORDS_AT_ONCE))
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .execute();
    recorded.push(...rows);
  }
  return recorded;
}

/** PostgreSQL takes 65,535 parameters in one statement. */
const RECORDS_AT_ONCE = 1000;

function fireColumns(row: ScheduleRow, fire: PlannedFire): Insertable<ScheduleFireTable> {
  const key = { scheduleId: row.id, fireAt: fire.fireAt };
  const { repeat } = fire;
  const payload =
    repeat === null
      ? null
      : schedulePayload(
          { id: row.id, name: row.name, triggerPayload: row.trigger_payload },
          { fireAt: fire.fireAt, repeat },
        );
  return {
    schedule_id: row.id,
    fire_at: new Date(fire.fireAt),
    until_at: fire.untilAt === null ? null : new Date(fire.untilAt),
    outcome: fire.outcome === 'start' ? 'starting' : fire.outcome,
    detail: fire.reason,
    repeat_number: repeat,
    run_key: repeat === null ? null : runKeyOf(key),
    payload: payload === null ? null : JSON.stringify(payload),
    claimed_at: fire.outcome === 'start' ? sql<Date>`clock_timestamp()` : null,
    recorded_at: sql<Date>`clock_timestamp()`,
  } as Insertable<ScheduleFireTable>;
}

interface LoadRow {
  readonly id: string;
  readonly is_active: boolean;
  readonly running: number;
  readonly queued: number;
}

/** What runs and waits for each of these locked schedules; read after locking, so that nothing is missed. */
export async function loadsOf(trx: Trx, ids: readonly string[]): Promise<Map<string, Load>> {
  const { rows } = await sql<LoadRow>`
    select s.id, w.is_active,
      (select count(*)::int from schedule_fires f left join executions e on e.id = f.execution_id
        where f.schedule_id = s.id and f.ended_at is null and not f.is_manual
          and (f.outcome = 'starting' or f.outcome = 'fired' and e.status in ('queued', 'running', 'waiting'))) as running,
      (select count(*)::int from schedule_fires f
        where f.schedule_id = s.id and f.ended_at is null and f.outcome = 'queued') as queued
    from schedules s join workflows w on w.id = s.workflow_id where s.id = any(${ids}::uuid[])
  `.execute(trx);
  return new Map(
    rows.map(({ id, is_active, running, queued }) => [id, { running, queued, isWorkflowActive: is_active }]),
  );
}
