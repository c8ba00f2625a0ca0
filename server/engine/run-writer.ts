import type { Reply } from '#domain/node/executor.ts';
import type { RunEvent, RunEventType, RunRoot } from '#domain/run/event.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import { jsonText } from './json-text.ts';
import { runEvent } from './run-event.ts';
import type { NewRun, RecordSource, RowChange, RunRecord, StepRecord } from './run-record.ts';
import { stepKey } from './step-key.ts';

/** Somebody else has this run now, or its history cannot be stored: nothing more may be done for it here. */
export class LostRun extends Error {
  readonly reason: 'lost' | 'unrecordable';
  constructor(reason: 'lost' | 'unrecordable') {
    super(`The run was taken away: ${reason}.`);
    this.reason = reason;
  }
}

export interface WriterOptions {
  readonly journal: Journal;
  readonly run: {
    readonly id: string;
    readonly workflowId: number;
    readonly environmentId: number;
    readonly root?: RunRoot;
  };
  readonly token: number;
  readonly hasSlot: boolean;
  readonly priority: number;
  readonly clock: Clock;
  readonly nextSeq: number;
  /** The number of the next step row. */
  readonly nextStep: number;
  /** A run that has no row yet: nothing is written before somebody waits for it, or `deferMs` have passed. */
  readonly create: NewRun | null;
  /** Nothing is written any more; `seq` is the number the first unwritten event had. */
  readonly onRejected: (reason: 'lost' | 'unrecordable', seq: number) => void;
}

interface Waiter {
  readonly upTo: number;
  readonly resolve: () => void;
  readonly reject: (error: LostRun) => void;
}

const STILL: RowChange = {
  status: 'running',
  outputJson: null,
  replyJson: null,
  errorJson: null,
  finishedAt: null,
  release: false,
  jobAt: null,
  interrupted: false,
  end: null,
};
const DEFER_MS = 100;
const MAX_PENDING_BYTES = 8 * 1024 * 1024;

/** A suspension and the end of the same step as one row. */
const ended = (open: StepRecord, end: StepRecord): StepRecord => ({
  ...open,
  status: end.status,
  endN: end.n,
  outputJson: end.outputJson ?? open.outputJson,
  suspensionJson: end.suspensionJson ?? open.suspensionJson,
  errorJson: end.errorJson,
  resumeAt: end.status === 'waiting' ? end.resumeAt : open.resumeAt,
  finishedAt: end.finishedAt,
});

/** Gathers what one run wants recorded and hands it to the journal. */
export class RunWriter implements RecordSource {
  private readonly options: WriterOptions;
  private events: RunEvent[] = [];
  private steps: StepRecord[] = [];
  /** Places in `steps` of those that are suspended. */
  private readonly suspended = new Map<string, number>();
  private change: RowChange = STILL;
  private create: NewRun | null;
  private deferred: (() => void) | undefined;
  private seq: number;
  private takenSeq: number;
  private n: number;
  private added = 0;
  private taken = 0;
  private durable = 0;
  /** Added up to the last thing that a restart could not work out again. */
  private lasting = 0;
  private bytes = 0;
  private waiters: Waiter[] = [];
  private lost: LostRun | null = null;

  constructor(options: WriterOptions) {
    this.options = options;
    this.seq = options.nextSeq;
    this.takenSeq = options.nextSeq;
    this.n = options.nextStep;
    this.create = options.create;
    if (!this.create) return;
    this.added = 1;
    this.lasting = 1;
    this.deferred = options.clock.after(DEFER_MS, () => this.undefer());
  }

  /** Everything a restart needs in order not to repeat a step is on disk. */
  get isDurable(): boolean {
    return this.durable >= this.lasting;
  }

  /** So much is waiting to be written that the run had better wait too. */
  get isFull(): boolean {
    return this.bytes > MAX_PENDING_BYTES;
  }

  event(type: RunEventType, now: number, data: RunEvent['data']): void {
    this.events.push(runEvent(this.seq, type, now, data));
    this.seq += 1;
    this.touch();
  }

  step(step: Omit<StepRecord, 'n' | 'endN'>): void {
    const key = stepKey(step.node, step.scope, step.attempt);
    const at = this.suspended.get(key);
    const open = at === undefined ? undefined : this.steps[at];
    // Its suspension is still on its way to disk: one statement cannot write a row twice.
    if (open && at !== undefined) this.steps[at] = ended(open, { ...step, n: this.n, endN: null });
    else {
      if (step.status === 'waiting') this.suspended.set(key, this.steps.length);
      this.steps.push({ ...step, n: this.n, endN: null });
    }
    this.n += 1;
    this.bytes +=
      200 +
      (step.inputJson?.length ?? 0) +
      (step.outputJson?.length ?? 0) +
      (step.suspensionJson?.length ?? 0);
    this.touch();
    this.lasting = this.added;
  }

  reply(reply: Reply): void {
    this.change = { ...this.change, replyJson: jsonText(reply) };
  }

  /** Whether the run's row says that a person is waited for, from the next record on. */
  interrupt(interrupted: boolean): void {
    if (this.change.interrupted === interrupted) return;
    this.change = { ...this.change, interrupted };
    this.touch();
  }

  /** Changes the run's row with everything gathered so far, and resolves once that is durable. */
  set(change: Partial<RowChange>): Promise<void> {
    this.change = { ...this.change, ...change };
    this.touch();
    this.lasting = this.added;
    return this.barrier();
  }

  /** Resolves when everything gathered so far is durable; rejects with LostRun. */
  barrier(): Promise<void> {
    if (this.lost) return Promise.reject(this.lost);
    if (this.isDurable) return Promise.resolve();
    this.undefer();
    this.options.journal.mark(this, true);
    return new Promise((resolve, reject) => {
      this.waiters.push({ upTo: this.lasting, resolve, reject });
    });
  }

  /** Stops writing: the run is no longer ours. */
  abandon(): void {
    this.deferred?.();
    this.options.journal.forget(this);
    this.fail(new LostRun('lost'));
  }

  take(): RunRecord | null {
    if (this.lost || this.taken === this.added) return null;
    const { id, workflowId, environmentId, root } = this.options.run;
    const record: RunRecord = {
      id,
      workflowId,
      environmentId,
      ...(root && { root }),
      token: this.options.token,
      hasSlot: this.options.hasSlot,
      priority: this.options.priority,
      firstSeq: this.takenSeq,
      nextSeq: this.seq,
      create: this.create,
      change: this.change,
      steps: this.steps,
      events: this.events,
    };
    this.steps = [];
    this.suspended.clear();
    this.events = [];
    this.create = null;
    this.takenSeq = this.seq;
    this.taken = this.added;
    this.bytes = 0;
    return record;
  }

  committed(): void {
    this.durable = this.taken;
    const open = this.waiters;
    this.waiters = open.filter((waiter) => waiter.upTo > this.durable);
    for (const waiter of open) if (waiter.upTo <= this.durable) waiter.resolve();
  }

  rejected(record: RunRecord, reason: 'lost' | 'unrecordable'): void {
    if (this.lost) return;
    this.fail(new LostRun(reason));
    this.options.onRejected(reason, record.firstSeq);
  }

  private touch(): void {
    this.added += 1;
    if (this.deferred === undefined) this.options.journal.mark(this, false);
  }

  private undefer(): void {
    if (this.deferred === undefined) return;
    this.deferred();
    this.deferred = undefined;
    if (!this.lost) this.options.journal.mark(this, false);
  }

  private fail(error: LostRun): void {
    this.lost ??= error;
    const open = this.waiters;
    this.waiters = [];
    for (const waiter of open) waiter.reject(error);
  }
}
