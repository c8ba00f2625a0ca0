export const STEP_STATES = [
  'pending',
  'running',
  'waiting',
  'success',
  'failed',
  'skipped',
  'cancelled',
] as const;
export type StepState = (typeof STEP_STATES)[number];

/** The run's states in the words of the public API; the table in `status.ts` maps the stored ones. */
export const EXECUTION_STATUSES = [
  'pending',
  'running',
  'interrupted',
  'completed',
  'failed',
  'cancelled',
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

export type RunEventType =
  | 'execution_started'
  | 'node_enqueued'
  | 'node_status'
  | 'child_node_status'
  | 'chat_message'
  | 'execution_completed'
  | 'execution_failed'
  | 'execution_interrupted'
  | 'execution_cancelled';

/**
 * One thing that happened in a run. `seq` counts from 1 without gaps; `timestamp` is unix seconds with fraction.
 * `data` is what clients see (contract §18.4): for `node_status` `{ node_id, status, component_type, display_name,
 * node_label, duration_ms?, output?, error?, error_code?, attempt?, resume_at?, edges? }`.
 */
export interface RunEvent {
  readonly seq: number;
  readonly type: RunEventType;
  readonly timestamp: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Where a run that another one waits for belongs. */
export interface RunRoot {
  /** The topmost of the runs that wait for each other. */
  readonly executionId: string;
  /** Its workflow; null where that is not known. */
  readonly workflowId: number | null;
  /** The node that waits for the run, in the run above it. */
  readonly parentNode: string;
}

/** Events of one run as they leave the journal: consecutive, already committed. */
export interface RunEvents {
  readonly executionId: string;
  readonly workflowId: number;
  readonly environmentId: number;
  /** Absent for a run nobody waits for. */
  readonly root?: RunRoot;
  readonly events: readonly RunEvent[];
}
