import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { RunOrigin } from '#domain/run/option.ts';
import { schedulePayload } from '#domain/schedule/payload.ts';
import { EngineError } from '#server/engine/engine.ts';
import type { RequestContext } from '../handler.ts';
import { databaseNow, type FireRow, type ScheduleRow } from './row.ts';
import { type FireOptions, startFire } from './start-fire.ts';

/**
 * Starts a run of a schedule at once, whatever its status. The same idempotency key gives the same run.
 * @throws AppError `conflict` when the workflow cannot be run just now, `unavailable` when the engine cannot.
 */
export async function runNow(
  options: FireOptions,
  row: ScheduleRow,
  { idempotencyKey, origin }: Pick<RequestContext, 'idempotencyKey' | 'origin'>,
): Promise<{ execution_id: string; status: 'pending' }> {
  const name =
    idempotencyKey === null ? randomUUID() : createHash('sha256').update(idempotencyKey).digest('hex');
  const fire = await recordNow(options, row, { runKey: `schedule:${row.id}:now:${name}`, origin });
  if (fire.execution_id !== null) return { execution_id: fire.execution_id, status: 'pending' };
  try {
    const started = await startFire(options, fire);
    if (started.kind === 'gone') throw new AppError('not_found', 'Scheduled job not found.');
    if (started.kind === 'refused') throw new AppError('conflict', started.reason);
    return { execution_id: started.executionId, status: 'pending' };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    await forget(options, fire);
    if (error.code === 'full') throw new AppError('too_many', error.message, { retryAfterSeconds: 5 });
    throw new AppError('unavailable', error.message, { retryAfterSeconds: 1 });
  }
}

/** The fire on record, or the earlier one of the same key. A fire of the same millisecond puts it off by one. */
async function recordNow(
  { db }: FireOptions,
  row: ScheduleRow,
  { runKey, origin }: { readonly runKey: string; readonly origin: RunOrigin | undefined },
): Promise<FireRow> {
  const now = await databaseNow(db);
  for (let fireAt = now; ; fireAt += 1) {
    const payload = schedulePayload(
      { id: row.id, name: row.name, triggerPayload: row.trigger_payload },
      { fireAt, repeat: row.current_repeat + 1 },
    );
    const recorded = await db
      .insertInto('schedule_fires')
      .values({
        schedule_id: row.id,
        fire_at: new Date(fireAt),
        outcome: 'starting',
        is_manual: true,
        run_key: runKey,
        payload: JSON.stringify(payload),
        origin: origin ? JSON.stringify(origin) : null,
        claimed_at: sql<Date>`clock_timestamp()`,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    if (recorded) return recorded;
    const earlier = await db
      .selectFrom('schedule_fires')
      .selectAll()
      .where('run_key', '=', runKey)
      .executeTakeFirst();
    if (earlier) return earlier;
  }
}

/** The caller is told to try again, so nobody else may start this one later. */
async function forget({ db }: FireOptions, fire: FireRow): Promise<void> {
  await db
    .deleteFrom('schedule_fires')
    .where('schedule_id', '=', fire.schedule_id)
    .where('fire_at', '=', fire.fire_at)
    .where('outcome', '=', 'starting')
    .execute();
}
