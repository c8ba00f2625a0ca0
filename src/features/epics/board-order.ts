import { hasEnded, TASK_STATUSES, type TaskStatus } from '#domain/epic/status.ts';
import type { Task } from './epic.ts';

/** The tasks of each column: open ones by priority and age, ended ones by their end, the latest first. */
export function columnsOf(tasks: readonly Task[]): Readonly<Record<TaskStatus, Task[]>> {
  const columns = Object.fromEntries(TASK_STATUSES.map((status) => [status, [] as Task[]])) as Record<
    TaskStatus,
    Task[]
  >;
  for (const task of tasks) columns[task.status].push(task);
  for (const status of TASK_STATUSES) columns[status].sort(hasEnded(status) ? byEnd : byPriority);
  return columns;
}

const byPriority = (a: Task, b: Task): number =>
  a.priority - b.priority || a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id);

const byEnd = (a: Task, b: Task): number =>
  (b.completed_at ?? '').localeCompare(a.completed_at ?? '') || a.id.localeCompare(b.id);

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The task that an arrow key leads to from a task: along its column, or to the same height in the next filled one. */
export function neighbour(
  columns: Readonly<Record<TaskStatus, readonly Task[]>>,
  from: Pick<Task, 'id' | 'status'>,
  direction: Direction,
): string | null {
  const own = columns[from.status];
  const row = own.findIndex((task) => task.id === from.id);
  if (direction === 'up' || direction === 'down') {
    return own[row + (direction === 'down' ? 1 : -1)]?.id ?? null;
  }
  const step = direction === 'right' ? 1 : -1;
  for (let at = TASK_STATUSES.indexOf(from.status) + step; at >= 0; at += step) {
    const status = TASK_STATUSES[at];
    if (!status) return null;
    const column = columns[status];
    const found = column[Math.min(row, column.length - 1)];
    if (found) return found.id;
  }
  return null;
}

/** The status of the column beside; null at the edge. */
export function statusBeside(status: TaskStatus, direction: 'left' | 'right'): TaskStatus | null {
  return TASK_STATUSES[TASK_STATUSES.indexOf(status) + (direction === 'right' ? 1 : -1)] ?? null;
}

/** A board's tasks after an event of the epic's channel; the same array when nothing changed. */
export function afterEvent(
  tasks: readonly Task[],
  { type, data }: { readonly type: string; readonly data: Readonly<Record<string, unknown>> },
): readonly Task[] {
  if (type === 'task_created' || type === 'task_updated') {
    const task = data as unknown as Task;
    const known = tasks.find((one) => one.id === task.id);
    if (!known) return [task, ...tasks];
    // A message may be older than the answer to a change made here.
    if (known.updated_at > task.updated_at) return tasks;
    return tasks.map((one) => (one.id === task.id ? task : one));
  }
  if (type === 'task_deleted') return tasks.filter((one) => one.id !== data['id']);
  if (type === 'tasks_deleted') {
    const gone = new Set(data['task_ids'] as readonly string[]);
    return tasks.filter((one) => !gone.has(one.id));
  }
  return tasks;
}
