import type { Contract } from '#contract/contract.ts';
import { hasEnded } from '#domain/epic/status.ts';
import type { Db } from '#server/db/connection.ts';
import type { HandlersOf, Viewer } from '../handler.ts';
import { checkedDependencies } from './dependency.ts';
import { defined } from './epic-change.ts';
import { publishEpic, updatesOf } from './epic-event.ts';
import { areCompleted, recount, unblockDependents } from './progress.ts';
import { checkExecution, workflowIdOf } from './reference.ts';
import { NOW, newId, presentTask, type TaskOut, type TaskRow, type Trx } from './row.ts';
import { lockEpic, lockTask } from './store.ts';

type Tasks = HandlersOf<Contract['tasks']>;
type Update = Omit<Parameters<Tasks['update']>[1], 'task_id'>;
const DEFAULT_PRIORITY = 2;

/** @throws AppError `not_found` for the epic, `invalid` for what the task may not refer to. */
export function createTask(db: Db, viewer: Viewer, input: Parameters<Tasks['create']>[1]): Promise<TaskOut> {
  return db.transaction().execute(async (trx) => {
    const epic = await lockEpic(trx, viewer, input.epic_id);
    const dependsOn = await checkedDependencies(trx, epic.id, input.depends_on);
    const id = newId('tk');
    await trx
      .insertInto('tasks')
      .values({
        id,
        epic_id: epic.id,
        title: input.title,
        ...defined({ description: input.description, tags: input.tags }),
        priority: input.priority ?? DEFAULT_PRIORITY,
        workflow_id: await workflowIdOf(trx, epic.environment_id, input.workflow_slug ?? null),
        estimated_tokens: input.estimated_tokens ?? null,
        max_retries: input.max_retries,
        requirements: input.requirements ? JSON.stringify(input.requirements) : null,
        depends_on: dependsOn,
        status: (await areCompleted(trx, epic.id, dependsOn)) ? 'pending' : 'blocked',
        notes: '[]',
      })
      .execute();
    await recount(trx, epic.id);
    const shown = await presentTask(trx, id);
    await publishEpic(trx, epic.id, [{ type: 'task_created', data: shown }]);
    return shown;
  });
}

/** Changes what is named; completing a task unblocks what waits for it only. */
export function changeTask(db: Db, viewer: Viewer, id: string, input: Update): Promise<TaskOut> {
  return db.transaction().execute(async (trx) => {
    const { epic, task } = await lockTask(trx, viewer, id);
    const columns = await columnsOf(trx, epic.environment_id, input);
    const { status } = input;
    await trx
      .updateTable('tasks')
      .set({ ...columns, ...(status !== undefined && standing(task, status)), updated_at: NOW })
      .where('id', '=', id)
      .execute();
    const freed = status === 'completed' ? await unblockDependents(trx, epic.id, [id]) : [];
    await recount(trx, epic.id);
    const shown = await presentTask(trx, id);
    await publishEpic(trx, epic.id, [
      { type: 'task_updated', data: shown },
      ...(await updatesOf(trx, freed)),
    ]);
    return shown;
  });
}

async function columnsOf(trx: Trx, environmentId: number, input: Update) {
  const { title, description, tags, priority, result_summary, error_message } = input;
  const { workflow_slug, execution_id, notes } = input;
  await checkExecution(trx, environmentId, execution_id);
  return {
    ...defined({ title, description, tags, priority, result_summary, error_message, execution_id }),
    // Its end is taken into account once, also when it has ended long ago.
    ...(execution_id !== undefined && { awaits_run: execution_id !== null }),
    ...(workflow_slug !== undefined && {
      workflow_id: await workflowIdOf(trx, environmentId, workflow_slug),
    }),
    ...(notes !== undefined && { notes: JSON.stringify(notes) }),
  };
}

/** The columns that a status brings with it. */
export function standing(before: TaskRow, status: TaskRow['status']) {
  if (status === before.status) return { status };
  if (status === 'running') return { status, started_at: NOW, completed_at: null };
  if (!hasEnded(status)) return { status, completed_at: null };
  return { status, ...(!(hasEnded(before.status) && before.completed_at) && { completed_at: NOW }) };
}
