import { sql } from 'kysely';
import { AppError } from '#domain/problem.ts';
import { seesEverything, type Viewer } from '../handler.ts';
import { fireOutOf, type ScheduleRow, type Store, type Trx } from './row.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const missing = (): AppError => new AppError('not_found', 'Scheduled job not found.');

/** The schedules this caller may see: those of the workflows they may see. */
export function visible(db: Store, viewer: Viewer) {
  const query = db.selectFrom('schedules');
  return seesEverything(viewer) ? query : query.where('schedules.environment_id', '=', viewer.environmentId);
}

/** @throws AppError `not_found`, in the same words for what is absent, what belongs to others and what is no id. */
export async function findSchedule(db: Store, viewer: Viewer, id: string): Promise<ScheduleRow> {
  if (!UUID.test(id)) throw missing();
  const row = await visible(db, viewer).selectAll().where('schedules.id', '=', id).executeTakeFirst();
  if (!row) throw missing();
  return row;
}

/** As {@link findSchedule}, and nothing fires or changes it until the transaction ends. */
export async function lockSchedule(trx: Trx, viewer: Viewer, id: string): Promise<ScheduleRow> {
  if (!UUID.test(id)) throw missing();
  const row = await visible(trx, viewer)
    .selectAll()
    .where('schedules.id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw missing();
  return row;
}

/** Of the given ids those this caller may see; the others are left alone. */
export async function deleteSchedules(db: Store, viewer: Viewer, ids: readonly string[]): Promise<void> {
  const real = ids.filter((id) => UUID.test(id));
  if (real.length === 0) return;
  const own = visible(db, viewer).select('schedules.id').where('schedules.id', 'in', real);
  await db.deleteFrom('schedules').where('id', 'in', own).execute();
}

/** What became of a schedule's fires, newest first. */
export async function listFires(
  db: Store,
  scheduleId: string,
  { limit, offset }: { readonly limit: number; readonly offset: number },
) {
  const found = db.selectFrom('schedule_fires').where('schedule_id', '=', scheduleId);
  const { total } = await found.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  if (limit === 0) return { items: [], total };
  const rows = await found.selectAll().orderBy('fire_at', 'desc').limit(limit).offset(offset).execute();
  return { items: rows.map(fireOutOf), total };
}
