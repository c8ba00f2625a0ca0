import { type SqlBool, sql } from 'kysely';
import { firstFire } from '#domain/schedule/fire-time.ts';
import type { Db } from '#server/db/connection.ts';
import { armedFor, databaseNow, timingOf } from './row.ts';

const BATCH = 50;
/** Fires of longer ago are forgotten. */
const KEPT_DAYS = 30;
const FORGET_BATCH = 1000;

/**
 * An active schedule that has nothing armed and nothing open waits for the end of a run that never began, or was
 * left out. It goes on if repetitions are left, else it is done.
 */
export async function reviveIdle(db: Db): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('schedules')
      .selectAll()
      .where('status', '=', 'active')
      .where('next_run_at', 'is', null)
      .where(
        sql<SqlBool>`not exists (select from schedule_fires f where f.schedule_id = schedules.id
          and f.ended_at is null and f.outcome in ('starting', 'queued', 'fired') and not f.is_manual)`,
      )
      .limit(BATCH)
      .forUpdate()
      .skipLocked()
      .execute();
    if (rows.length === 0) return;
    const now = await databaseNow(trx);
    for (const row of rows) {
      const isExhausted = row.total_repeats > 0 && row.current_repeat >= row.total_repeats;
      const next = isExhausted ? null : firstFire(timingOf(row), now);
      await trx
        .updateTable('schedules')
        .set({
          ...armedFor(row.id, timingOf(row), next),
          ...(next === null && { status: 'done' as const }),
        })
        .where('id', '=', row.id)
        .execute();
    }
  });
}

/** Removes a batch of the records nobody will look up any more. */
export async function forgetOldFires(db: Db): Promise<void> {
  await sql`
    delete from schedule_fires where (schedule_id, fire_at) in (
      select schedule_id, fire_at from schedule_fires
      where recorded_at < clock_timestamp() - make_interval(days => ${KEPT_DAYS})
        and (ended_at is not null or outcome not in ('starting', 'queued', 'fired'))
      order by recorded_at limit ${FORGET_BATCH} for update skip locked)
  `.execute(db);
}
