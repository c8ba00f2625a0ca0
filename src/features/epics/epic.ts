import type { OutputOf } from '#contract/contract.ts';

export type EpicPage = OutputOf<'epics', 'list'>;
export type Epic = EpicPage['items'][number];
export type TaskPage = OutputOf<'epics', 'tasks'>;
export type Task = TaskPage['items'][number];

/** As many tasks as a board shows: all that one request gives. */
export const BOARD_LIMIT = 1000;

/** The input of the query that holds a board's tasks. */
export const boardOf = (epic_id: string) => ({ epic_id, limit: BOARD_LIMIT });
