import type { StepEnd } from '#domain/run/execute-step.ts';
import type { Effect, Fact, Failure } from '#domain/run/fact.ts';
import type { PlannedNode, RunPlan } from '#domain/run/planned.ts';
import { advance } from '#domain/run/reducer.ts';
import { emptyState, type RunState } from '#domain/run/state.ts';
import { MAX_BLAME } from './blame.ts';
import { callStep, type DriveContext } from './call-step.ts';
import type { RunResult } from './interface.ts';
import type { NewRun } from './run-record.ts';
import { RunWriter } from './run-writer.ts';
import { type RunEffect, type RunningStep, StepRecorder, stepKey } from './step-recorder.ts';
import { factsOf, type RunHead, type StoredStep, waitedMs } from './stored-run.ts';
import { enqueueTurn } from './turn.ts';
import { writeEnd } from './write-end.ts';

export interface DriveOptions {
  readonly context: DriveContext;
  readonly head: RunHead;
  readonly plan: RunPlan;
  readonly steps: readonly StoredStep[];
  /** Set while the run has no row yet. */
  readonly create: NewRun | null;
}

/**
 * `ended`: the run is over and recorded. `parked`: it waits in the database. `lost`: somebody else has it.
 * `unrecordable`: the database refuses its history; `seq` is the next event's number.
 */
export type DriveEnd =
  | { readonly kind: 'ended'; readonly result: RunResult }
  | { readonly kind: 'parked' | 'lost' }
  | { readonly kind: 'unrecordable'; readonly seq: number };

interface Timer {
  readonly at: number;
  readonly fact: Extract<Fact, { kind: 'resumed' | 'retry_due' }>;
}

type Finish = Extract<Effect, { kind: 'finish' }>;

/** A pause up to this long is sat out here; a longer one is left to the database when nothing else is to be done. */
const SHORT_WAIT_MS = 1000;
/** One reason for all: making one for every run costs more than the rest of ending it. */
const STOPPED = new Error('The run has stopped.');
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Drives one run that this process owns: carries out the reducer's effects and feeds it what happened. */
export class Drive {
  readonly id: string;
  readonly done: Promise<DriveEnd>;
  private readonly options: DriveOptions;
  private readonly state: RunState;
  private readonly writer: RunWriter;
  private readonly recorder: StepRecorder;
  private readonly running = new Map<string, RunningStep>();
  private readonly abort = new AbortController();
  private readonly ready: RunEffect[] = [];
  private timers: Timer[] = [];
  private alarm: NodeJS.Timeout | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private isQueued = false;
  private isOver = false;
  private isDraining = false;
  /** A step was not started because of the drain. */
  private isHeld = false;
  private finish: Finish | null = null;
  private resolve: (end: DriveEnd) => void = () => undefined;

  constructor(options: DriveOptions) {
    const { head, steps, create, context } = options;
    this.options = options;
    this.id = head.id;
    this.done = new Promise((resolve) => {
      this.resolve = resolve;
    });
    this.state = emptyState(options.plan);
    this.writer = new RunWriter({
      journal: context.journal,
      run: head,
      token: head.token,
      nextSeq: head.nextSeq,
      nextStep: (steps.at(-1)?.n ?? 0) + 1,
      create,
      onRejected: (reason, seq) => this.close(reason === 'lost' ? { kind: 'lost' } : { kind: reason, seq }),
    });
    this.recorder = new StepRecorder(this.writer);
  }

  /** Starts, or goes on where the recorded steps end. */
  begin(): void {
    const { head, steps } = this.options;
    const now = Date.now();
    if (head.nextSeq === 1) this.writer.event('execution_started', now, { workflow_id: head.workflowId });
    if (steps.length > 0) this.replay();
    else this.startFresh(now);
    if (head.reply) this.state.reply = head.reply;
    this.watchDeadline(now);
    if (head.cancelRequested) this.take({ kind: 'cancelled' });
    else if (head.losses >= MAX_BLAME) this.take({ kind: 'aborted', error: WORKER_LOST });
    this.schedule();
  }

  /** Stops the run: its steps are aborted and it ends as cancelled. */
  cancel(): void {
    if (this.isOver) return;
    this.take({ kind: 'cancelled' });
    this.schedule();
  }

  /** No external step is started any more; as soon as none is running the run is handed back. */
  drain(): void {
    this.isDraining = true;
    this.schedule();
  }

  /** Gives the run up for any process to go on with; steps that are running are repeated there. */
  handBack(): void {
    if (!this.isOver) this.park({ status: 'running', jobAt: Date.now() });
  }

  /** This process has lost its claim on the run: nothing is written any more. */
  drop(): void {
    if (this.isOver) return;
    this.writer.abandon();
    this.close({ kind: 'lost' });
  }

  private startFresh(now: number): void {
    const { head, plan } = this.options;
    const effects = this.advance({ kind: 'started', payload: head.trigger });
    this.recorder.trigger(plan, this.state.outputs[plan.trigger.id] ?? {}, now);
    for (const effect of effects) this.follow(effect);
  }

  private replay(): void {
    const { head, plan, steps } = this.options;
    const recorded = new Set(steps.map((step) => stepKey(step.node, step.scope, step.attempt)));
    const effects = [...this.advance({ kind: 'started', payload: head.trigger })];
    for (const fact of factsOf(steps, plan.trigger.id)) effects.push(...this.advance(fact));
    for (const effect of effects) if (this.isOpen(effect, recorded)) this.follow(effect);
  }

  /** Whether an effect of the replayed facts is still to be carried out. */
  private isOpen(effect: Effect, recorded: ReadonlySet<string>): boolean {
    if (effect.kind === 'finish') return true;
    const { node, scope, attempt } = effect;
    if (effect.kind === 'skip') return !recorded.has(stepKey(node, scope, attempt));
    const step = this.state.steps[this.planned(node).index];
    return step?.attempt === attempt && step.state === (effect.kind === 'run' ? 'running' : 'waiting');
  }

  private advance(fact: Fact): Effect[] {
    return advance(this.options.plan, this.state, fact);
  }

  private take(fact: Fact): void {
    for (const effect of this.advance(fact)) this.follow(effect);
  }

  private follow(effect: Effect): void {
    if (effect.kind === 'finish') {
      this.finish = effect;
      return;
    }
    const { node, scope, attempt } = effect;
    if (effect.kind === 'run') {
      this.writer.event('node_enqueued', Date.now(), { node_id: node });
      this.ready.push(effect);
    } else if (effect.kind === 'skip') this.recorder.skipped(this.planned(node), effect);
    else if (effect.kind === 'wait') this.addTimer(effect.until, { kind: 'resumed', node, scope, attempt });
    else this.addTimer(effect.at, { kind: 'retry_due', node, scope, attempt });
  }

  private addTimer(at: number, fact: Timer['fact']): void {
    this.timers.push({ at, fact });
  }

  private schedule(): void {
    if (this.isQueued || this.isOver) return;
    this.isQueued = true;
    enqueueTurn(() => {
      this.isQueued = false;
      this.turn();
    });
  }

  /** One turn starts one ready step at most, so that other runs and the event loop get theirs. */
  private turn(): void {
    if (this.isOver) return;
    if (this.finish) {
      this.end(this.finish);
      return;
    }
    const effect = this.ready.shift();
    if (effect) this.start(effect);
    if (this.finish || this.ready.length > 0) this.schedule();
    else this.rest();
  }

  private start(effect: RunEffect): void {
    const node = this.planned(effect.node);
    const isExternal = node.definition.effect === 'external';
    if (isExternal && this.isDraining) {
      this.isHeld = true;
      if (this.running.size === 0) this.handBack();
      return;
    }
    const step: RunningStep = { effect, node, startedAt: Date.now(), logs: [] };
    this.running.set(stepKey(effect.node, effect.scope, effect.attempt), step);
    const isFull = this.writer.isFull;
    if ((isExternal || isFull) && !this.writer.isDurable) {
      // The barrier: nothing outside is touched before everything it follows from is on disk.
      this.writer.barrier().then(
        () => this.execute(step),
        () => undefined,
      );
    } else this.execute(step);
  }

  private execute(step: RunningStep): void {
    if (this.isOver || this.finish) return;
    this.recorder.started(step);
    const { context, head } = this.options;
    const end = callStep({ context, head, state: this.state, signal: this.abort.signal }, step);
    if (end instanceof Promise) void end.then((value) => this.settle(step, value));
    else this.settle(step, end);
  }

  private settle(step: RunningStep, end: StepEnd): void {
    const { node, scope, attempt } = step.effect;
    if (this.isOver || this.finish || !this.running.delete(stepKey(node, scope, attempt))) return;
    this.take(this.recorder.ended(step, end));
    this.schedule();
  }

  /** Nothing can be started now: wait for what is running, for a timer, or leave the run to the database. */
  private rest(): void {
    clearTimeout(this.alarm);
    if (this.isHeld && this.running.size === 0) this.handBack();
    if (this.isOver || this.timers.length === 0) return;
    const next = this.timers.reduce((least, timer) => Math.min(least, timer.at), Number.POSITIVE_INFINITY);
    const left = next - Date.now();
    if (this.running.size === 0 && (left > SHORT_WAIT_MS || this.isDraining)) {
      this.park({ status: 'waiting', jobAt: next });
      return;
    }
    this.alarm = setTimeout(() => this.ring(), Math.min(MAX_TIMEOUT_MS, Math.max(0, left)));
  }

  private ring(): void {
    if (this.isOver || this.finish) return;
    const now = Date.now();
    const due = this.timers.filter((timer) => timer.at <= now).sort((a, b) => a.at - b.at);
    this.timers = this.timers.filter((timer) => timer.at > now);
    for (const { fact } of due) {
      const node = this.planned(fact.node);
      if (fact.kind === 'resumed')
        this.recorder.resumed(node, fact, this.state.steps[node.index]?.outputs ?? {});
      this.take(fact);
    }
    this.schedule();
  }

  private watchDeadline(now: number): void {
    const { deadlineAt, createdAt } = this.options.head;
    if (deadlineAt === null) return;
    const at = deadlineAt + waitedMs(this.options.steps, now);
    const seconds = Math.round((deadlineAt - createdAt) / 1000);
    const expire = (): void => {
      const message = `Execution timed out after ${seconds} seconds`;
      this.take({ kind: 'aborted', error: { message, code: 'timeout', node: null } });
      this.schedule();
    };
    if (at <= now) expire();
    else if (at - now <= MAX_TIMEOUT_MS) this.deadline = setTimeout(expire, at - now);
    else this.deadline = setTimeout(() => this.watchDeadline(Date.now()), MAX_TIMEOUT_MS);
  }

  private park(to: { status: 'running' | 'waiting'; jobAt: number }): void {
    this.isOver = true;
    this.abort.abort(STOPPED);
    this.writer.set({ ...to, release: true }).then(
      () => this.close({ kind: 'parked' }),
      () => undefined,
    );
  }

  private end(finish: Finish): void {
    this.isOver = true;
    this.abort.abort(STOPPED);
    const { plan, head } = this.options;
    const { state, writer, recorder, running } = this;
    writeEnd({ plan, head, state, writer, recorder, running }, finish).then(
      (result) => this.close({ kind: 'ended', result }),
      () => undefined,
    );
  }

  private close(end: DriveEnd): void {
    this.isOver = true;
    clearTimeout(this.alarm);
    clearTimeout(this.deadline);
    this.abort.abort(STOPPED);
    this.resolve(end);
  }

  private planned(id: string): PlannedNode {
    const node = this.options.plan.byId.get(id);
    if (!node) throw new Error(`The plan has no node ${id}.`);
    return node;
  }
}

const WORKER_LOST: Failure = {
  message:
    'The run was given up: the processes that worked on it died again and again, probably because of it.',
  code: 'worker_lost',
  node: null,
};
