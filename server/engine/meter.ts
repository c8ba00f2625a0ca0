import type { Fact } from '#domain/run/fact.ts';

export type CountedStatus = 'success' | 'failed' | 'waiting';

/** Facts that end an attempt, as they are counted. A loop that has only begun is not over. */
export const STATUS_OF_FACT: Partial<Record<Fact['kind'], CountedStatus>> = {
  done: 'success',
  failed: 'failed',
  waiting: 'waiting',
  suspended: 'waiting',
};

/**
 * What the engine counts, for whoever wants to know. Called on the hottest paths, so an implementation may add
 * numbers and nothing else: it must neither throw nor wait. Times are in seconds.
 */
export interface EngineMeter {
  /** A run was stored, or its first record was, when it was driven before that. */
  runStarted(triggerKind: string): void;
  /** A run's end was recorded. `seconds` from its creation. */
  runEnded(status: 'completed' | 'failed' | 'cancelled', seconds: number): void;
  /** One attempt of one step is over; one that is suspended counts when it goes on and ends. */
  stepEnded(nodeType: string, status: CountedStatus, seconds: number): void;
  /** One statement of the journal was committed. */
  journalWritten(batch: { readonly runs: number; readonly steps: number; readonly seconds: number }): void;
  /** Runs of a process that died were put back into the queue. */
  runsTakenOver(count: number): void;
}

const nothing = (): void => undefined;

/** For engines nobody watches. */
export const NO_METER: EngineMeter = {
  runStarted: nothing,
  runEnded: nothing,
  stepEnded: nothing,
  journalWritten: nothing,
  runsTakenOver: nothing,
};
