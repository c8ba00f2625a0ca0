import type { StepRef } from '#domain/run/fact.ts';
import type { Clock } from './clock.ts';

export type AlarmKind = 'resumed' | 'retry_due' | 'expired';

export interface DueStep {
  readonly at: number;
  readonly kind: AlarmKind;
  readonly ref: StepRef;
}

const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The times at which steps of one run go on by themselves. */
export class Alarms {
  private readonly clock: Clock;
  private readonly onDue: () => void;
  private steps: DueStep[] = [];
  private cancel: (() => void) | undefined;

  constructor(clock: Clock, onDue: () => void) {
    this.clock = clock;
    this.onDue = onDue;
  }

  /** Of the next one, ms since the epoch; infinite when there is none. */
  get next(): number {
    return this.steps.reduce((least, step) => Math.min(least, step.at), Number.POSITIVE_INFINITY);
  }

  add(at: number, kind: AlarmKind, { node, scope, attempt }: StepRef): void {
    this.steps.push({ at, kind, ref: { node, scope, attempt } });
  }

  remove({ node, scope, attempt }: StepRef): void {
    this.steps = this.steps.filter(
      ({ ref }) => ref.node !== node || ref.scope !== scope || ref.attempt !== attempt,
    );
  }

  /** Rings when the next one is due. */
  set(): void {
    this.stop();
    const { next } = this;
    if (next === Number.POSITIVE_INFINITY) return;
    const ms = Math.min(MAX_TIMEOUT_MS, Math.max(0, next - this.clock.now()));
    this.cancel = this.clock.after(ms, this.onDue);
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  /** Takes out those that are due, earliest first. */
  due(): DueStep[] {
    const now = this.clock.now();
    const due = this.steps.filter((step) => step.at <= now).sort((a, b) => a.at - b.at);
    if (due.length > 0) this.steps = this.steps.filter((step) => step.at > now);
    return due;
  }
}

/** Null for never. */
export const finite = (time: number): number | null => (time === Number.POSITIVE_INFINITY ? null : time);
