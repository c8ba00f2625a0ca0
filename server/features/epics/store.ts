import { type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { EPIC_STATUSES, TASK_STATUSES } from '#domain/epic/status.ts';
import { AppError } from '#domain/problem.ts';
import type { Database } from '#server/db/schema.ts';
import { seesEverything, type Viewer } from '../handler.ts';
import {
  type EpicOut,
  type EpicRow,
  epicOutOf,
  type Store,
  type TaskOut,
  type TaskRow,
  type Trx,
  taskOutOf,
  taskRows,
} from './row.ts';

/** The epics this caller may see; their tasks are seen by the same people. */
export function visible(db: Store, viewer: Viewer) {
  const query = db.selectFrom('epics');
  return seesEverything(viewer) ? query : query.where('epics.environment_id', '=', viewer.environmentId);
}

/** @throws AppError `not_found`, in the same words for what is absent and what belongs to others. */
export async function findEpic(db: Store, viewer: Viewer, id: string): Promise<EpicRow> {
  const row = await visible(db, viewer).selectAll().where('epics.id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('not_found', 'Epic not found.');
  return row;
}

/** As {@link findEpic}, and neither the epic nor any of its tasks changes until the transaction ends. */
export async function lockEpic(trx: Trx, viewer: Viewer, id: string): Promise<EpicRow> {
  const row = await visible(trx, viewer)
    .selectAll()
    .where('epics.id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError('not_found', 'Epic not found.');
  return row;
}

function visibleTasks(db: Store, viewer: Viewer) {
  const query = taskRows(db).innerJoin('epics', 'epics.id', 'tasks.epic_id');
  return seesEverything(viewer) ? query : query.where('epics.environment_id', '=', viewer.environmentId);
}

/** @throws AppError `not_found`, in the same words for what is absent and what belongs to others. */
export async function findTask(db: Store, viewer: Viewer, id: string): Promise<TaskRow> {
  const row = await visibleTasks(db, viewer).where('tasks.id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('not_found', 'Task not found.');
  return row;
}

/** The task as it is once its epic is locked. @throws AppError `not_found`. */
export async function lockTask(
  trx: Trx,
  viewer: Viewer,
  id: string,
): Promise<{ readonly epic: EpicRow; readonly task: TaskRow }> {
  const { epic_id } = await findTask(trx, viewer, id);
  const gone = (error: unknown) => {
    if (error instanceof AppError) throw new AppError('not_found', 'Task not found.');
    throw error;
  };
  const epic = await lockEpic(trx, viewer, epic_id).catch(gone);
  return { epic, task: await findTask(trx, viewer, id) };
}

export interface ListRequest {
  readonly limit: number;
  readonly offset: number;
  readonly q?: string | undefined;
  readonly status?: string | undefined;
  readonly tags?: string | undefined;
  readonly sort?: string | undefined;
}
export interface TaskListRequest extends ListRequest {
  readonly epic_id?: string | undefined;
}

type Listed = 'epics' | 'tasks';

/** The conditions both lists have in common; null when nothing can match. */
function conditions(table: Listed, statuses: readonly string[], { q, status, tags }: ListRequest) {
  if (status && !statuses.includes(status)) return null;
  const words = tags?.split(',').flatMap((tag) => tag.trim() || []) ?? [];
  const like = q?.trim() ? `%${q.trim().replaceAll(/[\\%_]/g, '\\$&')}%` : null;
  return (eb: ExpressionBuilder<Database, Listed>) =>
    eb.and([
      ...(status ? [eb(sql.ref(`${table}.status`), '=', status)] : []),
      ...(words.length > 0 ? [sql<SqlBool>`${sql.ref(`${table}.tags`)} && ${words}::text[]`] : []),
      ...(like === null
        ? []
        : [eb.or([eb(`${table}.title`, 'ilike', like), eb(`${table}.description`, 'ilike', like)])]),
    ]);
}

/** What to order by; the id breaks ties. Unknown orders are the usual one: newest first. */
function orderOf(table: Listed, sort: string | undefined) {
  const by = (column: string) => sql.ref(`${table}.${column}`);
  switch (sort) {
    case 'created_at':
      return sql`${by('created_at')}, ${by('id')}`;
    case '-updated_at':
      return sql`${by('updated_at')} desc, ${by('id')} desc`;
    case 'title':
      return sql`lower(${by('title')}), ${by('id')}`;
    case 'priority':
      return sql`${by('priority')}, ${by('created_at')} desc, ${by('id')} desc`;
    default:
      return sql`${by('created_at')} desc, ${by('id')} desc`;
  }
}

const total = sql<number>`count(*)::int`.as('total');

export async function listEpics(
  db: Store,
  viewer: Viewer,
  request: ListRequest,
): Promise<{ items: EpicOut[]; total: number }> {
  const filter = conditions('epics', EPIC_STATUSES, request);
  if (!filter) return { items: [], total: 0 };
  const found = visible(db, viewer).where((eb) => filter(eb as ExpressionBuilder<Database, Listed>));
  const count = await found.select(total).executeTakeFirstOrThrow();
  if (request.limit === 0) return { items: [], total: count.total };
  const rows = await found
    .selectAll('epics')
    .orderBy(orderOf('epics', request.sort))
    .limit(request.limit)
    .offset(request.offset)
    .execute();
  return { items: rows.map(epicOutOf), total: count.total };
}

export async function listTasks(
  db: Store,
  viewer: Viewer,
  request: TaskListRequest,
): Promise<{ items: TaskOut[]; total: number }> {
  const filter = conditions('tasks', TASK_STATUSES, request);
  if (!filter) return { items: [], total: 0 };
  const base = db.selectFrom('tasks').innerJoin('epics', 'epics.id', 'tasks.epic_id');
  const own = seesEverything(viewer) ? base : base.where('epics.environment_id', '=', viewer.environmentId);
  const inEpic = request.epic_id ? own.where('tasks.epic_id', '=', request.epic_id) : own;
  const found = inEpic.where((eb) => filter(eb as ExpressionBuilder<Database, Listed>));
  const count = await found.select(total).executeTakeFirstOrThrow();
  if (request.limit === 0) return { items: [], total: count.total };
  const rows = await found
    .leftJoin('workflows', 'workflows.id', 'tasks.workflow_id')
    .selectAll('tasks')
    .select('workflows.slug as workflow_slug')
    .orderBy(orderOf('tasks', request.sort))
    .limit(request.limit)
    .offset(request.offset)
    .execute();
  return { items: rows.map(taskOutOf), total: count.total };
}
