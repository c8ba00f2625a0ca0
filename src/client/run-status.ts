import type { ExecutionStatus } from '#domain/run/event.ts';

const LOOKS = {
  pending: 'queued',
  running: 'running',
  interrupted: 'waiting',
  completed: 'success',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<ExecutionStatus, string>;

/** How a run's status is drawn, in the words of the status badge. */
export const statusOfRun = (status: ExecutionStatus): (typeof LOOKS)[ExecutionStatus] => LOOKS[status];

/** Whether nothing more can happen to the run. */
export const isFinished = (status: ExecutionStatus): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';
