import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, signedIn } from '../handler.ts';
import { setDependencies } from './dependency.ts';
import { changeEpic, createEpic, deleteEpics } from './epic-change.ts';
import { epicOutOf, taskOutOf } from './row.ts';
import { findEpic, findTask, listEpics, listTasks } from './store.ts';
import { changeTask, createTask } from './task-change.ts';
import { deleteTask, deleteTasks } from './task-removal.ts';

export function epicHandlers(db: Db): HandlersOf<Contract['epics']> {
  return {
    list: (context, input) => listEpics(db, signedIn(context), input),
    create: (context, input) => createEpic(db, signedIn(context), input),
    batchDelete: async (context, { epic_ids }) => {
      await deleteEpics(db, signedIn(context), epic_ids);
    },
    get: async (context, { epic_id }) => epicOutOf(await findEpic(db, signedIn(context), epic_id)),
    update: (context, input) => changeEpic(db, signedIn(context), input),
    remove: async (context, { epic_id }) => {
      const removed = await deleteEpics(db, signedIn(context), [epic_id]);
      if (removed === 0) throw new AppError('not_found', 'Epic not found.');
    },
    tasks: async (context, { epic_id, ...paging }) => {
      const viewer = signedIn(context);
      const { id } = await findEpic(db, viewer, epic_id);
      return listTasks(db, viewer, { ...paging, epic_id: id });
    },
  };
}

export function taskHandlers(db: Db): HandlersOf<Contract['tasks']> {
  return {
    list: (context, input) => listTasks(db, signedIn(context), input),
    create: (context, input) => createTask(db, signedIn(context), input),
    batchDelete: (context, { task_ids }) => deleteTasks(db, signedIn(context), task_ids),
    get: async (context, { task_id }) => taskOutOf(await findTask(db, signedIn(context), task_id)),
    update: (context, { task_id, ...input }) => changeTask(db, signedIn(context), task_id, input),
    setDependencies: (context, { task_id, depends_on }) =>
      setDependencies(db, signedIn(context), task_id, depends_on),
    remove: (context, { task_id }) => deleteTask(db, signedIn(context), task_id),
  };
}
