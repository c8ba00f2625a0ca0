import type { Transaction } from 'kysely';
import type { Database } from '#server/db/schema.ts';
import type { NodeRow, Store } from './row.ts';

/** The schedule of a trigger node, as it is shown with the node. */
export interface ScheduleJob {
  readonly id: string;
  readonly status: string;
  readonly run_count: number;
  readonly error_count: number;
  readonly current_repeat: number;
  readonly current_retry: number;
  readonly total_repeats: number;
  readonly max_retries: number;
  readonly timeout_seconds: number;
  readonly interval_seconds: number;
  readonly cron: string | null;
  readonly timezone: string;
  readonly last_run_at: string | null;
  readonly next_run_at: string | null;
  readonly last_error: string;
  readonly created_at: string | null;
}

export type ScheduleJobs = ReadonlyMap<number, ScheduleJob>;

/** The schedules of a workflow's nodes, by the node's row; the newest where a node has several. */
export async function scheduleJobs(db: Store, workflowId: number): Promise<ScheduleJobs> {
  const rows = await db
    .selectFrom('schedules')
    .selectAll()
    .where('workflow_id', '=', workflowId)
    .where('trigger_node_id', 'is not', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return new Map(
    rows.map((row) => [
      row.trigger_node_id ?? 0,
      {
        id: row.id,
        status: row.status,
        run_count: row.run_count,
        error_count: row.error_count,
        current_repeat: row.current_repeat,
        current_retry: row.current_retry,
        total_repeats: row.total_repeats,
        max_retries: row.max_retries,
        timeout_seconds: row.timeout_seconds,
        interval_seconds: row.interval_seconds,
        cron: row.cron,
        timezone: row.timezone,
        last_run_at: row.last_run_at?.toISOString() ?? null,
        next_run_at: row.next_run_at?.toISOString() ?? null,
        last_error: row.last_error,
        created_at: row.created_at.toISOString(),
      },
    ]),
  );
}

/** Where a node's schedule belongs. */
export interface NodePlace {
  readonly environmentId: number;
  readonly workflowId: number;
  readonly userId: number;
  readonly node: NodeRow;
}

/** What the schedule buttons of a node do; the schedules' own feature provides it. */
export interface NodeSchedules {
  /** Makes, changes, resumes or restarts the node's schedule. @throws AppError `invalid` for a faulty configuration. */
  start(trx: Transaction<Database>, place: NodePlace): Promise<void>;
  /** @throws AppError `not_found` without a schedule, `bad_request` for one that is not active. */
  pause(trx: Transaction<Database>, place: NodePlace): Promise<void>;
  /** @throws AppError `not_found` without a schedule. */
  stop(trx: Transaction<Database>, place: NodePlace): Promise<void>;
}
