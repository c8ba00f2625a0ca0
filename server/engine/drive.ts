import { failureOf, type StepEnd } from '#domain/run/execute-step.ts';
import type { Effect, Fact, StepRef } from '#domain/run/fact.ts';
import type { PlannedNode, RunPlan } from '#domain/run/planned.ts';
import { advance, ROOT_SCOPE } from '#domain/run/reducer.ts';
import { emptyState, findStep, type RunState } from '#domain/run/state.ts';
import { Alarms, finite } from './alarm.ts';
import { ABANDONED, ABANDONED_LOSSES, MAX_BLAME, WORKER_LOST } from './blame.ts';
import { callStep, type DriveContext } from './call-step.ts';
import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import type { DriveEnd } from './drive-end.ts';
import { STATUS_OF_FACT } from './meter.ts';
import { replay } from './replay.ts';
import type { NewRun } from './run-record.ts';
import { RunWriter } from './run-writer.ts';
import { SignalWatch } from './signal-watch.ts';
import { stepKey } from './step-key.ts';
import { type DerivedEffect, type RunEffect, type RunningStep, StepRecorder } from './step-recorder.ts';
import type { RunHead, StoredStep } from './stored-run.ts';
import { type StoredSignal, SuspendedSteps } from './suspended-step.ts';
import { writeEnd } from './write-end.ts';

export interface DriveOptions {
  readonly context: DriveContext;
  readonly head: RunHead;
  readonly plan: RunPlan;
  readonly steps: readonly StoredStep[];
  /** Set while the run has no row yet. */
  readonly create: NewRun | null;
}

type Finish = Extract<Effect, { kind: 'finish' }>;

/** A pause up to this long is sat out here; a longer one is left to the database when nothing else is to be done. */
const SHORT_WAIT_MS = 1000;
/** One reason for all: making one for every run costs more than the rest of ending it. */
const STOPPED = new Error('The run has stopped.');

/** Drives one run that this process owns: carries out the reducer's effects and feeds it what happened. */
export class Drive {
  readonly id: string;
  readonly done: Promise<DriveEnd>;
  private readonly options: DriveOptions;
  private readonly state: RunState;
  private readonly writer: RunWriter;
  private readonly recorder: StepRecorder;
  private readonly alarms: Alarms;
  private readonly deadline: Deadline;
  private readonly suspended = new SuspendedSteps();
  private readonly watch: SignalWatch;
  private readonly running = new Map<string, RunningStep>();
  private readonly abort = new AbortController();
  private readonly ready: RunEffect[] = [];
  private isQueued = false;
  private isOver = false;
  private isDraining = false;
  /** A step was not started because of the drain. */
  private isHeld = false;
  private finish: Finish | null = null;
  private resolve: (end: DriveEnd) => void = () => undefined;

  constructor(options: DriveOptions) {
    const { head, steps, create, context, plan } = options;
    const { clock } = context;
    this.options = options;
    this.id = head.id;
    this.done = new Promise((resolve) => {
      this.resolve = resolve;
    });
    this.state = emptyState(plan, head.options);
    this.writer = new RunWriter({
      journal: context.journal,
      run: head,
      token: head.token,
      hasSlot: head.hasSlot,
      priority: head.priority,
      clock,
      nextSeq: head.nextSeq,
      nextStep: steps.reduce((last, step) => Math.max(last, step.n, step.endN ?? 0), 0) + 1,
      create,
      onRejected: (reason, seq) => this.close(reason === 'lost' ? { kind: 'lost' } : { kind: reason, seq }),
    });
    this.recorder = new StepRecorder(this.writer, clock);
    this.watch = new SignalWatch({
      executionId: head.id,
      signals: context.signals,
      clock,
      recorded: () => this.writer.barrier(),
      isOver: () => this.isOver || this.finish !== null,
      onHeard: (signals) => this.hear(signals),
      onRest: () => this.schedule(),
    });
    this.alarms = new Alarms(clock, () => this.ring());
    this.deadline = new Deadline({ head, steps, clock }, (error) => {
      this.take({ kind: 'aborted', error });
      this.schedule();
    });
  }

  /** Of the claim it drives under. */
  get token(): number {
    return this.options.head.token;
  }

  /** Starts, or goes on where the recorded steps end. */
  begin(): void {
    const { head, steps } = this.options;
    const now = this.clock.now();
    if (head.nextSeq === 1) this.writer.event('execution_started', now, { workflow_id: head.workflowId });
    if (steps.length === 0) this.startFresh(now);
    else {
      const past = { plan: this.options.plan, state: this.state, trigger: head.trigger, steps };
      for (const effect of replay(past)) this.follow(effect);
    }
    if (head.reply) this.state.reply = head.reply;
    this.deadline.watch();
    if (head.cancelRequested) this.take({ kind: 'cancelled' });
    else if (head.losses >= ABANDONED_LOSSES) this.take({ kind: 'aborted', error: ABANDONED });
    else if (head.losses >= MAX_BLAME) this.take({ kind: 'aborted', error: WORKER_LOST });
    if (this.suspended.size > 0) this.watch.ask();
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
    if (!this.isOver) this.park({ status: 'running', jobAt: this.clock.now() });
  }

  /** Something may have come that a suspended step waits for. */
  signalled(): void {
    if (this.suspended.size > 0) this.watch.ask();
  }

  /** This process has lost its claim on the run: nothing is written any more. */
  drop(): void {
    this.writer.abandon();
    this.close({ kind: 'lost' });
  }

  private startFresh(now: number): void {
    const { head, plan } = this.options;
    const effects = this.advance({ kind: 'started', payload: head.trigger });
    if (plan.entry === 'trigger') {
      this.recorder.trigger(plan, this.state.root.outputs[plan.trigger.id] ?? {}, now);
    }
    for (const effect of effects) this.follow(effect);
  }

  private get clock(): Clock {
    return this.options.context.clock;
  }

  private advance(fact: Fact): Effect[] {
    return advance(this.options.plan, this.state, fact);
  }

  private take(fact: Fact): void {
    for (const effect of this.advance(fact)) this.follow(effect);
  }

  private follow(effect: Effect): void {
    switch (effect.kind) {
      case 'finish':
        this.finish = effect;
        return;
      case 'run':
        // A step that goes on was announced when it first began.
        if (!effect.resumed) this.recorder.enqueued(this.planned(effect.node), effect);
        this.ready.push(effect);
        return;
      case 'wait':
        this.alarms.add(effect.until, 'resumed', effect);
        return;
      case 'retry':
        this.alarms.add(effect.at, 'retry_due', effect);
        return;
      case 'suspend':
        this.suspend(effect);
        return;
      case 'cancel':
        this.stop(effect);
        return;
      default:
        this.derive(effect);
    }
  }

  /** Results of a loop that cannot be stored end the run: nothing behind the loop could be given them. */
  private derive(effect: DerivedEffect): void {
    try {
      this.recorder.derived(this.planned(effect.node), effect);
    } catch (error) {
      const { message, code } = failureOf(error);
      this.take({ kind: 'aborted', error: { message, code, node: effect.node } });
    }
  }

  private suspend({ suspension, ...ref }: Extract<Effect, { kind: 'suspend' }>): void {
    this.suspended.add(ref, suspension);
    this.writer.interrupt(this.suspended.isHuman);
    if (suspension.until !== null) this.alarms.add(suspension.until, 'expired', ref);
    this.watch.ask();
  }

  private stop(ref: StepRef): void {
    const key = stepKey(ref.node, ref.scope, ref.attempt);
    const step = this.running.get(key);
    step?.abort?.abort(STOPPED);
    this.running.delete(key);
    this.suspended.remove(ref);
    this.alarms.remove(ref);
    const at = this.ready.findIndex((effect) => stepKey(effect.node, effect.scope, effect.attempt) === key);
    if (at >= 0) this.ready.splice(at, 1);
    this.recorder.cancelled(this.planned(ref.node), ref, step);
  }

  private hear(signals: readonly StoredSignal[]): void {
    for (const fact of this.suspended.complete(signals)) {
      this.alarms.remove(fact);
      this.take(fact);
    }
    this.writer.interrupt(this.suspended.isHuman);
  }

  private schedule(): void {
    if (this.isQueued || this.isOver) return;
    this.isQueued = true;
    this.clock.turn(() => {
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
    const abort = effect.scope === ROOT_SCOPE ? null : new AbortController();
    const step: RunningStep = { effect, node, abort, startedAt: this.clock.now(), logs: [], spent: null };
    this.running.set(stepKey(effect.node, effect.scope, effect.attempt), step);
    const isFull = this.writer.isFull;
    if ((isExternal || isFull) && !this.writer.isDurable) {
      // The barrier: nothing outside is touched before everything it follows from is on disk.
      this.writer.barrier().then(
        () => this.enter(step, isExternal),
        () => undefined,
      );
    } else this.enter(step, isExternal);
  }

  /** A process that stood still may have been taken for dead: then somebody else acts for this run by now. */
  private enter(step: RunningStep, isExternal: boolean): void {
    const { lease } = this.options.context;
    if (isExternal && !lease.isCertain) void lease.ascertain().then(() => this.enter(step, isExternal));
    else this.execute(step);
  }

  private execute(step: RunningStep): void {
    // A repetition may have been stopped while its step waited for the barrier.
    if (this.isOver || this.finish || step.abort?.signal.aborted) return;
    this.recorder.started(step);
    const { context, head } = this.options;
    const { state, recorder } = this;
    const end = callStep({ context, head, state, recorder, signal: this.abort.signal }, step);
    if (end instanceof Promise) void end.then((value) => this.settle(step, value));
    else this.settle(step, end);
  }

  private settle(step: RunningStep, end: StepEnd): void {
    const { node, scope, attempt } = step.effect;
    if (this.isOver || this.finish || !this.running.delete(stepKey(node, scope, attempt))) return;
    const fact = this.recorder.ended(step, end);
    this.measure(step, fact);
    this.take(fact);
    this.schedule();
  }

  private measure(step: RunningStep, { kind }: Fact): void {
    const status = STATUS_OF_FACT[kind];
    if (!status) return;
    const seconds = (this.clock.now() - step.startedAt) / 1000;
    this.options.context.meter.stepEnded(step.node.node.type, status, seconds);
  }

  /** Nothing can be started now: wait for what is running, for a timer, or leave the run to the database. */
  private rest(): void {
    this.alarms.stop();
    if (this.isHeld && this.running.size === 0) this.handBack();
    if (this.isOver || (this.running.size === 0 && this.watch.isAsking)) return;
    const { next } = this.alarms;
    if (next === Number.POSITIVE_INFINITY && this.suspended.size === 0) return;
    const wake = this.options.head.options.countsWaits ? Math.min(next, this.deadline.at) : next;
    const isLong = wake - this.clock.now() > SHORT_WAIT_MS || this.isDraining;
    if (this.running.size === 0 && isLong) this.park({ status: 'waiting', jobAt: finite(wake) });
    else this.alarms.set();
  }

  private ring(): void {
    if (this.isOver || this.finish) return;
    for (const { kind, ref } of this.alarms.due()) {
      if (kind === 'expired') {
        const fact = this.suspended.expired(ref);
        if (fact) this.take(fact);
        this.writer.interrupt(this.suspended.isHuman);
        continue;
      }
      const node = this.planned(ref.node);
      const step = findStep(this.state, node, ref.scope);
      if (kind === 'resumed') this.recorder.resumed(node, ref, step?.outputs ?? {});
      this.take({ kind, ...ref });
    }
    this.schedule();
  }

  private park(to: { status: 'running' | 'waiting'; jobAt: number | null }): void {
    this.isOver = true;
    this.abort.abort(STOPPED);
    this.writer
      .set({ ...to, release: true })
      .then(() => this.heardWhileParking())
      .then(
        (goOn) => this.close({ kind: 'parked', goOn }),
        () => undefined,
      );
  }

  /** A signal that came while the run was still ours has found nobody to wake. */
  private async heardWhileParking(): Promise<boolean> {
    if (this.suspended.size === 0) return false;
    try {
      const signals = await this.options.context.signals.read(this.id);
      return this.suspended.complete(signals).length > 0;
    } catch {
      return true;
    }
  }

  private end(finish: Finish): void {
    this.isOver = true;
    this.abort.abort(STOPPED);
    const { plan, head, context } = this.options;
    const { state, writer, recorder, running, clock } = this;
    const isActing = [...running.values()].some(({ node }) => node.definition.effect === 'external');
    const ends = { stopChildren: this.suspended.size > 0 || isActing, context };
    writeEnd({ plan, head, state, writer, recorder, running, clock, ...ends }, finish).then(
      (result) => {
        // What cannot be stored fails while it is being written.
        const status = result.status === 'failed' ? 'failed' : finish.status;
        context.meter.runEnded(status, (clock.now() - head.createdAt) / 1000);
        this.close({ kind: 'ended', result });
      },
      () => undefined,
    );
  }

  private close(end: DriveEnd): void {
    this.isOver = true;
    this.alarms.stop();
    this.deadline.stop();
    this.abort.abort(STOPPED);
    this.resolve(end);
  }

  private planned(id: string): PlannedNode {
    const node = this.options.plan.byId.get(id);
    if (!node) throw new Error(`The plan has no node ${id}.`);
    return node;
  }
}
