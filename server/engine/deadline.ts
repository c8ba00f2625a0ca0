import type { Failure } from '#domain/run/fact.ts';
import type { Clock } from './clock.ts';
import { type RunHead, type StoredStep, waitedMs } from './stored-run.ts';

const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Watches a run's deadline while it is driven. Time spent waiting does not count unless the run says so. */
export class Deadline {
  /** Milliseconds since the epoch; infinite when the run has none. */
  readonly at: number;
  private readonly clock: Clock;
  private readonly expire: (error: Failure) => void;
  private readonly seconds: number;
  private cancel: (() => void) | undefined;

  constructor(
    run: { readonly head: RunHead; readonly steps: readonly StoredStep[]; readonly clock: Clock },
    expire: (error: Failure) => void,
  ) {
    const { deadlineAt, createdAt, options } = run.head;
    this.clock = run.clock;
    this.expire = expire;
    const waited = options.countsWaits ? 0 : waitedMs(run.steps, run.clock.now());
    this.at = deadlineAt === null ? Number.POSITIVE_INFINITY : deadlineAt + waited;
    this.seconds = deadlineAt === null ? 0 : Math.round((deadlineAt - createdAt) / 1000);
  }

  watch(): void {
    if (this.at === Number.POSITIVE_INFINITY) return;
    const left = this.at - this.clock.now();
    if (left <= 0) {
      const message = `Execution timed out after ${this.seconds} seconds`;
      this.expire({ message, code: 'timeout', node: null });
      return;
    }
    this.cancel = this.clock.after(Math.min(left, MAX_TIMEOUT_MS), () => this.watch());
  }

  stop(): void {
    this.cancel?.();
  }
}
