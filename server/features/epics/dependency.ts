import { cycleThrough } from '#domain/epic/dependency.ts';
import type { Db } from '#server/db/connection.ts';
import type { Viewer } from '../handler.ts';
import { publishEpic } from './epic-event.ts';
import { areCompleted } from './progress.ts';
import { fieldProblem } from './reference.ts';
import { NOW, presentTask, type TaskOut, type Trx } from './row.ts';
import { lockTask } from './store.ts';

/**
 * What a task may depend on, each id once.
 * @throws AppError `invalid` for an id that is no task of the epic, in the same words wherever else it exists.
 */
export async function checkedDependencies(
  trx: Trx,
  epicId: string,
  wanted: readonly string[],
): Promise<string[]> {
  const ids = [...new Set(wanted)];
  if (ids.length === 0) return [];
  const found = await trx
    .selectFrom('tasks')
    .select('id')
    .where('epic_id', '=', epicId)
    .where('id', 'in', ids)
    .execute();
  if (found.length === ids.length) return ids;
  throw fieldProblem('depends_on', 'One or more dependencies do not exist', wanted);
}

/**
 * Replaces what a task depends on. A task that was not started yet becomes blocked or pending accordingly.
 * @throws AppError `not_found`; `invalid` for unknown tasks and for a way round.
 */
export function setDependencies(
  db: Db,
  viewer: Viewer,
  id: string,
  wanted: readonly string[],
): Promise<TaskOut> {
  return db.transaction().execute(async (trx) => {
    const { epic, task } = await lockTask(trx, viewer, id);
    const dependsOn = await checkedDependencies(trx, epic.id, wanted);
    const all = await trx
      .selectFrom('tasks')
      .select(['id', 'depends_on'])
      .where('epic_id', '=', epic.id)
      .execute();
    const cycle = cycleThrough(all, id, dependsOn);
    if (cycle) {
      const way = [id, ...cycle].join(' → ');
      throw fieldProblem('depends_on', `The task would wait for itself: ${way}.`, wanted);
    }
    const isOpen = task.status === 'pending' || task.status === 'blocked';
    const isFree = await areCompleted(trx, epic.id, dependsOn);
    await trx
      .updateTable('tasks')
      .set({
        depends_on: dependsOn,
        updated_at: NOW,
        ...(isOpen && { status: isFree ? ('pending' as const) : ('blocked' as const) }),
      })
      .where('id', '=', id)
      .execute();
    const shown = await presentTask(trx, id);
    await publishEpic(trx, epic.id, [{ type: 'task_updated', data: shown }]);
    return shown;
  });
}
