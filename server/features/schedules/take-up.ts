import { type SqlBool, sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import { loadsOf } from './claim.ts';
import type { FireRow } from './row.ts';

const BATCH = 50;
/** A process that took a fire and has not started its run after this long is taken for dead. */
const STARTING_SECONDS = 3;

/** Fires whose start some process did not finish. Starting them again leads to the same run. */
export function takeOverStarting(db: Db): Promise<FireRow[]> {
  const stuck = db
    .selectFrom('schedule_fires')
    .select(['schedule_id', 'fire_at'])
    .where('outcome', '=', 'starting')
    .where(sql<SqlBool>`claimed_at < clock_timestamp() - make_interval(secs => ${STARTING_SECONDS})`)
    .orderBy('claimed_at')
    .limit(BATCH)
    .forUpdate()
    .skipLocked();
  return db
    .updateTable('schedule_fires')
    .set({ claimed_at: sql<Date>`clock_timestamp()` })
    .where(({ refTuple, eb }) =>
      eb(refTuple('schedule_id', 'fire_at'), 'in', stuck.$asTuple('schedule_id', 'fire_at')),
    )
    .returningAll()
    .execute();
}

/** Fires whose turn has come: the oldest waiting one of each schedule of which nothing runs. */
export async function takeQueued(db: Db): Promise<FireRow[]> {
  const waiting = await db
    .selectFrom('schedule_fires')
    .select('schedule_id')
    .distinct()
    .where('outcome', '=', 'queued')
    .limit(10 * BATCH)
    .execute();
  if (waiting.length === 0) return [];
  return db.transaction().execute(async (trx) => {
    const ids = waiting.map((row) => row.schedule_id);
    const locked = await trx
      .selectFrom('schedules')
      .select('id')
      .where('id', 'in', ids)
      .where('status', '=', 'active')
      .forUpdate()
      .skipLocked()
      .execute();
    const loads = await loadsOf(
      trx,
      locked.map(({ id }) => id),
    );
    const free = [...loads].filter(([, load]) => load.running === 0).map(([id]) => id);
    const { rows } = await sql<FireRow>`
      update schedule_fires f set outcome = 'starting', detail = '', claimed_at = clock_timestamp(),
        recorded_at = clock_timestamp()
      from (select schedule_id, min(fire_at) as fire_at from schedule_fires
        where outcome = 'queued' and schedule_id = any(${free}::uuid[]) group by schedule_id) as oldest
      where f.schedule_id = oldest.schedule_id and f.fire_at = oldest.fire_at
      returning f.*
    `.execute(trx);
    return rows;
  });
}
