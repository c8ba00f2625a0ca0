import type { Db } from '#server/db/connection.ts';
import type { Viewer } from '../handler.ts';
import { type EpicEvent, publishEpic, updatesOf } from './epic-event.ts';
import { forgetDependencies, recount } from './progress.ts';
import type { Trx } from './row.ts';
import { lockTask, visible } from './store.ts';

/** @throws AppError `not_found`. */
export function deleteTask(db: Db, viewer: Viewer, id: string): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const { epic } = await lockTask(trx, viewer, id);
    await removeFrom(trx, epic.id, [id], { type: 'task_deleted', data: { id } });
  });
}

/** Of the given tasks those this caller may see; the others are left alone. One event an epic. */
export function deleteTasks(db: Db, viewer: Viewer, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return Promise.resolve();
  return db.transaction().execute(async (trx) => {
    // In order of id, as everybody who locks several epics does.
    const epics = await visible(trx, viewer)
      .select('epics.id')
      .where('epics.id', 'in', (eb) =>
        eb
          .selectFrom('tasks')
          .select('epic_id')
          .where('tasks.id', 'in', [...ids]),
      )
      .orderBy('epics.id')
      .forUpdate()
      .execute();
    for (const epic of epics) {
      const rows = await trx
        .selectFrom('tasks')
        .select('id')
        .where('epic_id', '=', epic.id)
        .where('id', 'in', [...ids])
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      const task_ids = rows.map(({ id }) => id);
      if (task_ids.length === 0) continue;
      await removeFrom(trx, epic.id, task_ids, { type: 'tasks_deleted', data: { task_ids } });
    }
  });
}

async function removeFrom(trx: Trx, epicId: string, ids: readonly string[], event: EpicEvent): Promise<void> {
  await trx
    .deleteFrom('tasks')
    .where('id', 'in', [...ids])
    .execute();
  const changed = await forgetDependencies(trx, epicId, ids);
  await recount(trx, epicId);
  await publishEpic(trx, epicId, [event, ...(await updatesOf(trx, changed))]);
}
