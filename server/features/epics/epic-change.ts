import type { Contract } from '#contract/contract.ts';
import { hasEnded } from '#domain/epic/status.ts';
import type { Db } from '#server/db/connection.ts';
import type { HandlersOf, Viewer } from '../handler.ts';
import { publishEpic, updatesOf } from './epic-event.ts';
import { recount } from './progress.ts';
import { checkWorkflowId } from './reference.ts';
import { type EpicOut, type EpicRow, epicOutOf, NOW, newId, presentEpic, type Trx } from './row.ts';
import { lockEpic, visible } from './store.ts';

type Epics = HandlersOf<Contract['epics']>;

export function createEpic(db: Db, viewer: Viewer, input: Parameters<Epics['create']>[1]): Promise<EpicOut> {
  return db.transaction().execute(async (trx) => {
    const { title, description, tags, priority, budget_tokens, budget_usd, workflow_id } = input;
    await checkWorkflowId(trx, viewer.environmentId, workflow_id);
    const row = await trx
      .insertInto('epics')
      .values({
        id: newId('ep'),
        environment_id: viewer.environmentId,
        user_id: viewer.userId,
        title,
        ...(description !== undefined && { description }),
        ...(tags !== undefined && { tags: [...new Set(tags)] }),
        ...(priority !== undefined && { priority }),
        budget_tokens: budget_tokens ?? null,
        budget_usd: budget_usd ?? null,
        workflow_id: workflow_id ?? null,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const shown = epicOutOf(row);
    await publishEpic(trx, shown.id, [{ type: 'epic_created', data: shown }]);
    return shown;
  });
}

/** Changes what is named. Cancelling an epic cancels what of it has not ended, each task with its own event. */
export function changeEpic(
  db: Db,
  viewer: Viewer,
  { epic_id, ...input }: Parameters<Epics['update']>[1],
): Promise<EpicOut> {
  return db.transaction().execute(async (trx) => {
    const epic = await lockEpic(trx, viewer, epic_id);
    const { title, description, tags, status, priority, budget_tokens, budget_usd, result_summary } = input;
    await trx
      .updateTable('epics')
      .set({
        ...defined({ title, description, priority, budget_tokens, budget_usd, result_summary }),
        ...(tags !== undefined && { tags: [...new Set(tags)] }),
        ...(status !== undefined && { status, ...endOf(epic, status) }),
        updated_at: NOW,
      })
      .where('id', '=', epic.id)
      .execute();
    const cancelled = status === 'cancelled' ? await cancelTasks(trx, epic.id) : [];
    const shown = await presentEpic(trx, epic.id);
    const updates = await updatesOf(trx, cancelled);
    await publishEpic(trx, epic.id, [{ type: 'epic_updated', data: shown }, ...updates]);
    return shown;
  });
}

/** `completed_at` for a change of status: when it ended first, or nothing while it goes on. */
export function endOf(
  before: Pick<EpicRow, 'status' | 'completed_at'>,
  status: EpicRow['status'],
): { completed_at?: typeof NOW | null } {
  if (!hasEnded(status)) return { completed_at: null };
  return hasEnded(before.status) && before.completed_at !== null ? {} : { completed_at: NOW };
}

async function cancelTasks(trx: Trx, epicId: string): Promise<string[]> {
  const rows = await trx
    .updateTable('tasks')
    .set({ status: 'cancelled', completed_at: NOW, updated_at: NOW })
    .where('epic_id', '=', epicId)
    .where('status', 'in', ['pending', 'blocked', 'running'])
    .returning('id')
    .execute();
  await recount(trx, epicId);
  return rows.map(({ id }) => id);
}

/** Of the given epics those this caller may see, with their tasks. @returns how many there were. */
export function deleteEpics(db: Db, viewer: Viewer, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return Promise.resolve(0);
  return db.transaction().execute(async (trx) => {
    const own = visible(trx, viewer)
      .select('epics.id')
      .where('epics.id', 'in', [...ids])
      .orderBy('epics.id')
      .forUpdate();
    const found = (await own.execute()).map(({ id }) => id);
    if (found.length === 0) return 0;
    await trx.deleteFrom('epics').where('id', 'in', found).execute();
    for (const id of found) await publishEpic(trx, id, [{ type: 'epic_deleted', data: { id } }]);
    return found.length;
  });
}

/** The fields that were given, null included. */
export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
