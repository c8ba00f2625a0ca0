import type { Iterate, Reply, Resumed } from '../node/executor.ts';

/** Why a step or a run failed, in words for the person who drew it. */
export interface Failure {
  readonly message: string;
  readonly code: string;
  /** The node it happened in; null for failures of the run itself. */
  readonly node: string | null;
}

/**
 * Which try of which step: `scope` says which repetition it belongs to, empty outside loops, such as `/loop1:3`;
 * `attempt` counts from 1.
 */
export interface StepRef {
  readonly node: string;
  readonly scope: string;
  readonly attempt: number;
}

export type Outputs = Readonly<Record<string, unknown>>;

/** What a suspended step waits for. Times are milliseconds since the epoch. */
export interface Suspension {
  readonly sources: readonly string[];
  readonly until: number | null;
  readonly human: boolean;
  readonly kept: unknown;
}

/** What is known to have happened in a run. Facts that no longer fit (late, doubled) are ignored. */
export type Fact =
  | { readonly kind: 'started'; readonly payload: unknown }
  | ({ readonly kind: 'done'; readonly outputs: Outputs; readonly reply?: Reply } & StepRef)
  /** `retryAt` (ms since the epoch) announces another attempt; null means this failure is final. */
  | ({ readonly kind: 'failed'; readonly error: Failure; readonly retryAt: number | null } & StepRef)
  | ({ readonly kind: 'waiting'; readonly until: number; readonly outputs: Outputs } & StepRef)
  /** The wait is over: the step ends with the outputs it announced. */
  | ({ readonly kind: 'resumed' } & StepRef)
  | ({ readonly kind: 'suspended'; readonly suspension: Suspension } & StepRef)
  /** A suspended step goes on: everything it waited for has come, or its time is up. */
  | ({ readonly kind: 'signalled'; readonly resumed: Resumed } & StepRef)
  /** A loop has its items and repeats its body. */
  | ({ readonly kind: 'iterating'; readonly iterate: Iterate } & StepRef)
  /** The pause after a failed attempt is over; `attempt` is the one that failed. */
  | ({ readonly kind: 'retry_due' } & StepRef)
  | { readonly kind: 'cancelled' }
  /** The run as a whole is over by a decision from outside: its deadline, its losses. */
  | { readonly kind: 'aborted'; readonly error: Failure };

export type FinalStatus = 'completed' | 'failed' | 'cancelled';

/** What the driver is to do now. Those from `reuse` on only tell what the facts imply, for the record. */
export type Effect =
  | ({ readonly kind: 'run'; readonly inputs: Outputs; readonly resumed: Resumed | null } & StepRef)
  | ({ readonly kind: 'wait'; readonly until: number } & StepRef)
  | ({ readonly kind: 'suspend'; readonly suspension: Suspension } & StepRef)
  | ({ readonly kind: 'retry'; readonly at: number } & StepRef)
  | { readonly kind: 'finish'; readonly status: FinalStatus; readonly error: Failure | null }
  /** The step took outputs that were there already. */
  | ({ readonly kind: 'reuse'; readonly outputs: Outputs } & StepRef)
  | ({ readonly kind: 'skip' } & StepRef)
  /** A loop is done. */
  | ({ readonly kind: 'complete'; readonly outputs: Outputs } & StepRef)
  /** A loop has failed with its body. */
  | ({ readonly kind: 'fail'; readonly error: Failure } & StepRef)
  /** The step is stopped because its repetition is over. */
  | ({ readonly kind: 'cancel' } & StepRef)
  | ({ readonly kind: 'progress'; readonly done: number; readonly total: number } & StepRef);
