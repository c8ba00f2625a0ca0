export const EPIC_STATUSES = ['planning', 'active', 'paused', 'completed', 'failed', 'cancelled'] as const;
export type EpicStatus = (typeof EPIC_STATUSES)[number];

/** In the order of a board's columns. */
export const TASK_STATUSES = ['pending', 'blocked', 'running', 'completed', 'failed', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/** Whether nothing more happens to an epic or task of this status by itself. */
export const hasEnded = (status: EpicStatus | TaskStatus): boolean => ENDED.has(status);
