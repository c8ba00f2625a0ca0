import { randomBytes } from 'node:crypto';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { z } from 'zod';
import type { epicOut, taskOut } from '#contract/epic.ts';
import type { Db } from '#server/db/connection.ts';
import type { EpicTable, TaskTable } from '#server/db/epic-table.ts';
import type { Database } from '#server/db/schema.ts';

export type Store = Db | Transaction<Database>;
export type Trx = Transaction<Database>;
export type EpicRow = Selectable<EpicTable>;
export type TaskRow = Selectable<TaskTable> & { readonly workflow_slug: string | null };
export type EpicOut = z.input<typeof epicOut>;
export type TaskOut = z.input<typeof taskOut>;

/** A new id: `ep-` or `tk-` and twelve hexadecimal digits. */
export const newId = (kind: 'ep' | 'tk'): string => `${kind}-${randomBytes(6).toString('hex')}`;

const iso = (time: Date | null): string | null => time?.toISOString() ?? null;

export function epicOutOf(row: EpicRow): EpicOut {
  const { environment_id: _, user_id, created_at, updated_at, completed_at, ...shown } = row;
  return {
    ...shown,
    user_profile_id: user_id,
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
    completed_at: iso(completed_at),
  };
}

export function taskOutOf(row: TaskRow): TaskOut {
  const {
    awaits_run: _,
    created_at,
    updated_at,
    started_at,
    completed_at,
    requirements,
    notes,
    ...shown
  } = row;
  return {
    ...shown,
    requirements: requirements as TaskOut['requirements'],
    notes: notes as TaskOut['notes'],
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
    started_at: iso(started_at),
    completed_at: iso(completed_at),
  };
}

/** Tasks with the present slug of their workflow. */
export const taskRows = (db: Store) =>
  db
    .selectFrom('tasks')
    .leftJoin('workflows', 'workflows.id', 'tasks.workflow_id')
    .selectAll('tasks')
    .select('workflows.slug as workflow_slug');

/** The given tasks, oldest first. */
export async function presentTasks(db: Store, ids: readonly string[]): Promise<TaskOut[]> {
  if (ids.length === 0) return [];
  const rows = await taskRows(db)
    .where('tasks.id', 'in', [...ids])
    .orderBy('tasks.created_at')
    .orderBy('tasks.id')
    .execute();
  return rows.map(taskOutOf);
}

/** The task, which has to be there still. */
export async function presentTask(trx: Trx, id: string): Promise<TaskOut> {
  const [task] = await presentTasks(trx, [id]);
  if (!task) throw new Error(`The task ${id} has gone within its transaction.`);
  return task;
}

export async function presentEpic(db: Store, id: string): Promise<EpicOut> {
  return epicOutOf(await db.selectFrom('epics').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
}

export const NOW = sql<Date>`clock_timestamp()`;
