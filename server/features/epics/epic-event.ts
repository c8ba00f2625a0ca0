import { notifyLarge } from '#server/db/notify.ts';
import { presentTasks, type Trx } from './row.ts';

export type EpicEventType =
  | 'epic_created'
  | 'epic_updated'
  | 'epic_deleted'
  | 'task_created'
  | 'task_updated'
  | 'task_deleted'
  | 'tasks_deleted';

export interface EpicEvent {
  readonly type: EpicEventType;
  readonly data: object;
}

export const EPIC_EVENTS = 'pipewright_epic_events';

/** Announces events on `epic:<id>` to every process; they leave when the transaction commits, and only then. */
export async function publishEpic(trx: Trx, epicId: string, events: readonly EpicEvent[]): Promise<void> {
  const timestamp = Date.now() / 1000;
  const texts = events.map(({ type, data }) =>
    JSON.stringify({ type, channel: `epic:${epicId}`, timestamp, data }),
  );
  await notifyLarge(trx, EPIC_EVENTS, texts);
}

/** A `task_updated` for each of these tasks, as they are now. */
export async function updatesOf(trx: Trx, taskIds: readonly string[]): Promise<EpicEvent[]> {
  const tasks = await presentTasks(trx, taskIds);
  return tasks.map((data) => ({ type: 'task_updated' as const, data }));
}
