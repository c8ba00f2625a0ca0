import type { Reply } from '../node/executor.ts';

/** Why a step or a run failed, in words for the person who drew it. */
export interface Failure {
  readonly message: string;
  readonly code: string;
  /** The node it happened in; null for failures of the run itself. */
  readonly node: string | null;
}

/** Which try of which step: `scope` is the loop path, empty outside loops; `attempt` counts from 1. */
export interface StepRef {
  readonly node: string;
  readonly scope: string;
  readonly attempt: number;
}

export type Outputs = Readonly<Record<string, unknown>>;

/** What is known to have happened in a run. Facts that no longer fit (late, doubled) are ignored. */
export type Fact =
  | { readonly kind: 'started'; readonly payload: unknown }
  | ({ readonly kind: 'done'; readonly outputs: Outputs; readonly reply?: Reply } & StepRef)
  /** `retryAt` (ms since the epoch) announces another attempt; null means this failure is final. */
  | ({ readonly kind: 'failed'; readonly error: Failure; readonly retryAt: number | null } & StepRef)
  | ({ readonly kind: 'waiting'; readonly until: number; readonly outputs: Outputs } & StepRef)
  /** The wait is over: the step ends with the outputs it announced. */
  | ({ readonly kind: 'resumed' } & StepRef)
  /** The pause after a failed attempt is over; `attempt` is the one that failed. */
  | ({ readonly kind: 'retry_due' } & StepRef)
  | { readonly kind: 'cancelled' }
  /** The run as a whole is over by a decision from outside: its deadline, its losses. */
  | { readonly kind: 'aborted'; readonly error: Failure };

export type FinalStatus = 'completed' | 'failed' | 'cancelled';

/** What the driver is to do now. */
export type Effect =
  | ({ readonly kind: 'run'; readonly inputs: Outputs } & StepRef)
  | ({ readonly kind: 'skip' } & StepRef)
  | ({ readonly kind: 'wait'; readonly until: number } & StepRef)
  | ({ readonly kind: 'retry'; readonly at: number } & StepRef)
  | { readonly kind: 'finish'; readonly status: FinalStatus; readonly error: Failure | null };
