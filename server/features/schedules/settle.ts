import { type SqlBool, sql } from 'kysely';
import { judgeRun, type Verdict } from '#domain/schedule/run-result.ts';
import type { Db } from '#server/db/connection.ts';
import type { EndedRun } from '#server/engine/interface.ts';
import { dropQueued, openFires } from './change.ts';
import { recordFires } from './claim.ts';
import {
  databaseNow,
  dateOf,
  type FireKey,
  type FireRow,
  type ScheduleRow,
  type Store,
  type Trx,
  timingOf,
} from './row.ts';

const MAX_ERROR = 2000;

/** How the run of a fire ended; `executionId` is null for a fire that could not even start one. */
export interface FireEnd {
  readonly executionId: string | null;
  readonly result: 'completed' | 'failed' | 'cancelled';
  readonly error: string;
}

/** Notes that the run of a fire has been started. Whoever comes second changes nothing. */
export async function markFired(db: Store, key: FireKey, executionId: string): Promise<void> {
  // The schedule first, as everywhere, so that nobody waits for somebody who waits for them.
  await sql`
    with locked as (select id from schedules where id = ${key.scheduleId} for update),
    marked as (
      update schedule_fires set outcome = 'fired', execution_id = ${executionId}
      from locked where schedule_id = locked.id and fire_at = ${new Date(key.fireAt)} and outcome = 'starting'
      returning 1
    )
    update schedules set run_count = run_count + 1, last_run_at = now()
    where id = ${key.scheduleId} and exists (select from marked)
  `.execute(db);
}

/** Takes the end of a fire's run into account, once. */
export function settleFire(db: Db, key: FireKey, end: FireEnd): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const lock = trx.selectFrom('schedules').selectAll().where('id', '=', key.scheduleId).forUpdate();
    if (!(await lock.executeTakeFirst())) return;
    const fire = await findFire(trx, key);
    if (!fire || fire.ended_at !== null) return;
    if (end.executionId !== null) await markFired(trx, key, end.executionId);
    const endedAt = await databaseNow(trx);
    await endFire(trx, key, end, endedAt);
    if (fire.is_manual) return;
    const row = await lock.executeTakeFirstOrThrow();
    const verdict = judgeRun(standingOf(row), {
      fireAt: key.fireAt,
      endedAt,
      result: end.result,
      error: end.error.slice(0, MAX_ERROR),
      othersOpen: await openFires(trx, row.id),
    });
    await apply(trx, row, verdict);
  });
}

const findFire = (trx: Trx, key: FireKey): Promise<FireRow | undefined> =>
  trx
    .selectFrom('schedule_fires')
    .selectAll()
    .where('schedule_id', '=', key.scheduleId)
    .where('fire_at', '=', new Date(key.fireAt))
    .executeTakeFirst();

async function endFire(trx: Trx, key: FireKey, end: FireEnd, endedAt: number): Promise<void> {
  await trx
    .updateTable('schedule_fires')
    .set({
      ...(end.executionId === null && { outcome: 'failed' as const }),
      result: end.result,
      detail: end.error.slice(0, MAX_ERROR),
      ended_at: new Date(endedAt),
    })
    .where('schedule_id', '=', key.scheduleId)
    .where('fire_at', '=', new Date(key.fireAt))
    .execute();
}

const standingOf = (row: ScheduleRow) => ({
  id: row.id,
  timing: timingOf(row),
  status: row.status,
  totalRepeats: row.total_repeats,
  maxRetries: row.max_retries,
  currentRepeat: row.current_repeat,
  currentRetry: row.current_retry,
  errorCount: row.error_count,
  lastError: row.last_error,
  nextFireAt: row.next_fire_at?.getTime() ?? null,
});

async function apply(trx: Trx, row: ScheduleRow, verdict: Verdict): Promise<void> {
  await trx
    .updateTable('schedules')
    .set({
      status: verdict.status,
      current_repeat: verdict.currentRepeat,
      current_retry: verdict.currentRetry,
      error_count: verdict.errorCount,
      last_error: verdict.lastError,
      next_fire_at: dateOf(verdict.nextFireAt),
      next_run_at: dateOf(verdict.nextDueAt),
    })
    .where('id', '=', row.id)
    .execute();
  await recordFires(
    trx,
    verdict.passed.map(({ fireAt, untilAt }) => ({
      schedule_id: row.id,
      fire_at: new Date(fireAt),
      until_at: dateOf(untilAt),
      outcome: 'backed_off' as const,
      detail: 'Left out: the run before it failed.',
    })),
  );
  if (verdict.status === 'dead')
    await dropQueued(trx, row.id, 'The schedule gave up after too many failures.');
}

/**
 * The engine's `afterRun` for schedules: counts the result of a run a schedule has started. Safe to call again for
 * the same run.
 */
export async function afterScheduledRun(db: Db, run: EndedRun): Promise<void> {
  if (run.triggerKind !== 'schedule') return;
  const fire = await db
    .selectFrom('schedule_fires')
    .innerJoin('executions', 'executions.idempotency_key', 'schedule_fires.run_key')
    .select(['schedule_id', 'fire_at'])
    .where('executions.id', '=', run.executionId)
    .executeTakeFirst();
  if (!fire) return;
  await settleFire(
    db,
    { scheduleId: fire.schedule_id, fireAt: fire.fire_at.getTime() },
    { executionId: run.executionId, result: run.status, error: run.error?.message ?? '' },
  );
}

interface LeftBehind {
  readonly schedule_id: string;
  readonly fire_at: Date;
  readonly execution_id: string;
  readonly status: FireEnd['result'] | null;
  readonly error: unknown;
}

const SWEEP_BATCH = 100;

/** Takes into account what nobody reported: runs that were deleted, and ends that are long known. */
export async function settleLeftBehind(db: Db): Promise<void> {
  const rows = (await db
    .selectFrom('schedule_fires')
    .leftJoin('executions', 'executions.id', 'schedule_fires.execution_id')
    .select(['schedule_id', 'fire_at', 'execution_id', 'executions.status', 'executions.error'])
    .where('outcome', '=', 'fired')
    .where('ended_at', 'is', null)
    .where(
      sql<SqlBool>`(executions.id is null or executions.status in ('completed', 'failed', 'cancelled')
        and executions.finished_at < clock_timestamp() - interval '5 seconds')`,
    )
    .limit(SWEEP_BATCH)
    .execute()) as LeftBehind[];
  for (const row of rows) {
    const end: FireEnd =
      row.status === null
        ? { executionId: row.execution_id, result: 'cancelled', error: 'The record of the run was deleted.' }
        : { executionId: row.execution_id, result: row.status, error: messageOf(row.error) };
    await settleFire(db, { scheduleId: row.schedule_id, fireAt: row.fire_at.getTime() }, end);
  }
}

const messageOf = (error: unknown): string =>
  error !== null && typeof error === 'object' && 'message' in error ? String(error.message) : '';
