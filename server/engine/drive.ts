import type { AnyExecutor } from '#domain/node/executor.ts';
import { executeStep, failureOf, idempotencyKey, type RenderConfig, type StepEnd } from '#domain/run/execute-step.ts';
import type { Effect, Fact, Failure, Outputs } from '#domain/run/fact.ts';
import type { PlannedNode, RunPlan } from '#domain/run/plan.ts';
import { advance, ROOT_SCOPE } from '#domain/run/reducer.ts';
import { outputOf } from '#domain/run/result.ts';
import { retryTime } from '#domain/run/retry.ts';
import { emptyState, type RunState } from '#domain/run/state.ts';
import type { CapabilitiesOf, RunResult } from './interface.ts';
import type { Journal } from './journal.ts';
import { jsonText, outputText } from './json-text.ts';
import { faceOf, type StatusDetail, statusData } from './run-event.ts';
import type { NewRun, StepRecord } from './run-record.ts';
import { LostRun, RunWriter } from './run-writer.ts';
import { factsOf, type RunHead, type StoredStep, waitedMs } from './stored-run.ts';
import { enqueueTurn } from './turn.ts';

/** What every drive of a process shares. */
export interface DriveContext {
  readonly journal: Journal;
  readonly executors: Readonly<Record<string, AnyExecutor>>;
  readonly capabilities: CapabilitiesOf;
  readonly render: RenderConfig;
}

export interface DriveOptions {
  readonly context: DriveContext;
  readonly head: RunHead;
  readonly plan: RunPlan;
  readonly steps: readonly StoredStep[];
  /** Set while the run has no row yet. */
  readonly create: NewRun | null;
}

/** `ended`: the run is over and recorded. `parked`: it waits in the database. `lost`: somebody else has it. */
export type DriveEnd = { readonly kind: 'ended'; readonly result: RunResult } | { readonly kind: 'parked' | 'lost' };

type RunEffect = Extract<Effect, { kind: 'run' }>;

interface Running {
  readonly effect: RunEffect;
  readonly startedAt: number;
  readonly logs: string[];
}

interface Timer {
  readonly at: number;
  readonly fact: Fact;
}

/** A pause up to this long is sat out here; a longer one is left to the database when nothing else is to be done. */
const SHORT_WAIT_MS = 1000;
const MAX_LOSSES = 3;
const MAX_LOG_BYTES = 64 * 1024;
const MAX_TIMEOUT = 2 ** 31 - 1;

/** Drives one run that this process owns: carries out the reducer's effects and feeds it what happened. */
export class Drive {
  readonly id: string;
  readonly done: Promise<DriveEnd>;
  private readonly options: DriveOptions;
  private readonly state: RunState;
  private readonly writer: RunWriter;
  private readonly running = new Map<string, Running>();
  private readonly abort = new AbortController();
  private ready: RunEffect[] = [];
  private timers: Timer[] = [];
  private recorded = new Set<string>();
  private alarm: NodeJS.Timeout | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private isQueued = false;
  private isOver = false;
  private isDraining = false;
  private isReplaying = false;
  private finish: Extract<Effect, { kind: 'finish' }> | null = null;
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
      onLost: (reason) => this.lose(reason),
    });
  }

  /** Starts, or goes on where the recorded steps end. */
  begin(): void {
    const { head, plan, steps } = this.options;
    const now = Date.now();
    if (head.nextSeq === 1) this.writer.event('execution_started', now, { workflow_id: head.workflowId });
    this.watchDeadline(now);
    for (const step of steps) this.recorded.add(keyOf(step.node, step.scope, step.attempt));
    const isFresh = !this.recorded.has(keyOf(plan.trigger.id, ROOT_SCOPE, 1));
    if (steps.length > 0 || !isFresh) this.replay();
    else this.take({ kind: 'started', payload: head.trigger });
    if (isFresh) this.recordTrigger(now);
    if (head.reply) this.state.reply = head.reply;
    if (head.cancelRequested) this.take({ kind: 'cancelled' });
    else if (head.losses >= MAX_LOSSES) this.take({ kind: 'aborted', error: workerLost(head.losses) });
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
    if (this.isOver) return;
    this.park({ status: 'running', jobAt: Date.now() });
  }

  /** This process has lost its claim on the run; nothing is written any more. */
  drop(): void {
    if (this.isOver) return;
    this.writer.abandon();
    this.close({ kind: 'lost' });
  }

  private replay(): void {
    const { head, plan, steps } = this.options;
    this.isReplaying = true;
    const effects = [...this.factEffects({ kind: 'started', payload: head.trigger })];
    for (const fact of factsOf(steps, plan.trigger.id)) effects.push(...this.factEffects(fact));
    this.isReplaying = false;
    for (const effect of effects) if (this.isOpen(effect)) this.follow(effect);
  }

  /** Whether an effect from the replay is still to be carried out. */
  private isOpen(effect: Effect): boolean {
    if (effect.kind === 'finish') return true;
    const { node, scope, attempt } = effect;
    if (effect.kind === 'skip') return !this.recorded.has(keyOf(node, scope, attempt));
    const step = this.state.steps[this.planned(node).index];
    return step?.attempt === attempt && step.state === (effect.kind === 'run' ? 'running' : 'waiting');
  }

  private factEffects(fact: Fact): Effect[] {
    return advance(this.options.plan, this.state, fact);
  }

  private take(fact: Fact): void {
    for (const effect of this.factEffects(fact)) this.follow(effect);
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
    } else if (effect.kind === 'skip') this.recordSkip(effect);
    else if (effect.kind === 'wait') this.timers.push({ at: effect.until, fact: { kind: 'resumed', node, scope, attempt } });
    else this.timers.push({ at: effect.at, fact: { kind: 'retry_due', node, scope, attempt } });
  }

  private schedule(): void {
    if (this.isQueued || this.isOver) return;
    this.isQueued = true;
    enqueueTurn(() => {
      this.isQueued = false;
      this.turn();
    });
  }

  /** One turn: at most one ready step is started, then others get theirs. */
  private turn(): void {
    if (this.isOver) return;
    if (this.finish) {
      this.end(this.finish);
      return;
    }
    const effect = this.ready.shift();
    if (effect) this.start(effect);
    if (this.isOver) return;
    if (this.finish || this.ready.length > 0) this.schedule();
    else this.rest();
  }

  private start(effect: RunEffect): void {
    const node = this.planned(effect.node);
    const isExternal = node.definition.effect === 'external';
    if (isExternal && this.isDraining) {
      this.ready.unshift(effect);
      if (this.running.size === 0) this.handBack();
      return;
    }
    const running: Running = { effect, startedAt: Date.now(), logs: [] };
    this.running.set(keyOf(effect.node, effect.scope, effect.attempt), running);
    if (isExternal && !this.writer.isDurable) {
      // The barrier: nothing outside is touched before everything it follows from is on disk.
      this.writer.barrier().then(
        () => this.execute(running),
        () => undefined,
      );
    } else this.execute(running);
  }

  private execute(running: Running): void {
    const { effect } = running;
    if (this.isOver || !this.running.has(keyOf(effect.node, effect.scope, effect.attempt))) return;
    const node = this.planned(effect.node);
    this.status(node, 'running', { attempt: effect.attempt });
    const end = this.call(node, running);
    if (end instanceof Promise) void end.then((value) => this.settle(running, value));
    else this.settle(running, end);
  }

  private call(node: PlannedNode, running: Running): StepEnd | Promise<StepEnd> {
    const { context, head } = this.options;
    const executor = context.executors[node.node.type];
    if (!executor) return failureOf(new Error(`This server cannot run nodes of the type ${node.node.type}.`));
    let logged = 0;
    return executeStep({
      executionId: head.id,
      node,
      effect: running.effect,
      trigger: this.state.trigger,
      nodes: this.state.outputs,
      executor,
      render: context.render,
      signal: this.abort.signal,
      capabilities: (signal) => ({
        ...context.capabilities({
          executionId: head.id,
          environmentId: head.environmentId,
          idempotencyKey: idempotencyKey(head.id, running.effect.node, running.effect.scope),
          signal,
        }),
        now: Date.now,
        log: (line) => {
          logged += line.length;
          if (logged <= MAX_LOG_BYTES) running.logs.push(line);
        },
      }),
    });
  }

  private settle(running: Running, end: StepEnd): void {
    const { effect } = running;
    const { node, scope, attempt } = effect;
    if (this.isOver || !this.running.delete(keyOf(node, scope, attempt))) return;
    const fact = this.record(running, end);
    this.take(fact);
    this.schedule();
  }

  /** Writes down how a step ended. @returns the fact it amounts to. */
  private record(running: Running, end: StepEnd): Fact {
    if (end.kind === 'failed') return this.recordFailure(running, end);
    let outputJson: string;
    try {
      outputJson = outputText(end.outputs);
    } catch (error) {
      return this.recordFailure(running, failureOf(error));
    }
    const { node, scope, attempt } = running.effect;
    const now = Date.now();
    const planned = this.planned(node);
    if (end.kind === 'wait') {
      this.writer.step({ ...rowOf(running), status: 'waiting', outputJson, resumeAt: end.until, finishedAt: null });
      this.status(planned, 'waiting', { attempt, resumeAt: end.until });
      return { kind: 'waiting', node, scope, attempt, until: end.until, outputs: end.outputs };
    }
    this.writer.step({ ...rowOf(running), status: 'success', outputJson, finishedAt: now });
    this.status(planned, 'success', { attempt, durationMs: now - running.startedAt, outputs: end.outputs });
    if (end.reply) this.writer.reply(end.reply);
    const { outputs, reply } = end;
    return { kind: 'done', node, scope, attempt, outputs, ...(reply && { reply }) };
  }

  private recordFailure(running: Running, end: Extract<StepEnd, { kind: 'failed' }>): Fact {
    const { node, scope, attempt } = running.effect;
    const planned = this.planned(node);
    const now = Date.now();
    const error: Failure = { message: end.message, code: end.code, node };
    const { retry: policy } = planned;
    const retryAt = retryTime({ policy, attempt, permanent: end.permanent, now, random: Math.random() });
    this.writer.step({
      ...rowOf(running),
      status: 'failed',
      errorJson: jsonText(error),
      resumeAt: retryAt,
      finishedAt: now,
    });
    const resume = retryAt === null ? {} : { resumeAt: retryAt };
    this.status(planned, 'failed', { attempt, durationMs: now - running.startedAt, error, ...resume });
    return { kind: 'failed', node, scope, attempt, error, retryAt };
  }

  private recordTrigger(now: number): void {
    const { trigger } = this.options.plan;
    const outputs = this.state.outputs[trigger.id] ?? {};
    const effect: RunEffect = { kind: 'run', node: trigger.id, scope: ROOT_SCOPE, attempt: 1, inputs: {} };
    const row = rowOf({ effect, startedAt: now, logs: [] });
    this.writer.step({ ...row, status: 'success', outputJson: jsonText(outputs), finishedAt: now });
    this.status(trigger, 'success', { durationMs: 0, outputs });
  }

  private recordSkip(effect: Extract<Effect, { kind: 'skip' }>): void {
    const now = Date.now();
    this.writer.step({
      ...EMPTY_STEP,
      node: effect.node,
      scope: effect.scope,
      attempt: effect.attempt,
      status: 'skipped',
      startedAt: now,
      finishedAt: now,
    });
    this.status(this.planned(effect.node), 'skipped', {});
  }

  private status(node: PlannedNode, status: Parameters<typeof statusData>[1], detail: StatusDetail): void {
    this.writer.event('node_status', Date.now(), statusData(faceOf(node), status, detail));
  }

  /** Nothing can be started now: wait for what is running, for a timer, or leave the run to the database. */
  private rest(): void {
    clearTimeout(this.alarm);
    const next = Math.min(...this.timers.map((timer) => timer.at));
    const now = Date.now();
    if (next === Number.POSITIVE_INFINITY || this.isReplaying) return;
    if (this.running.size === 0 && (next - now > SHORT_WAIT_MS || this.isDraining)) {
      this.park({ status: 'waiting', jobAt: next });
      return;
    }
    this.alarm = setTimeout(() => this.ring(), Math.min(MAX_TIMEOUT, Math.max(0, next - now)));
  }

  private ring(): void {
    const now = Date.now();
    const due = this.timers.filter((timer) => timer.at <= now);
    this.timers = this.timers.filter((timer) => timer.at > now);
    for (const timer of due.sort((a, b) => a.at - b.at)) {
      if (timer.fact.kind === 'resumed') this.recordResumed(timer.fact, now);
      this.take(timer.fact);
    }
    this.schedule();
  }

  private recordResumed(fact: Extract<Fact, { kind: 'resumed' }>, now: number): void {
    const node = this.planned(fact.node);
    const outputs: Outputs = this.state.steps[node.index]?.outputs ?? {};
    const { scope, attempt } = fact;
    this.writer.step({
      ...EMPTY_STEP,
      node: fact.node,
      scope,
      attempt,
      status: 'success',
      startedAt: now,
      finishedAt: now,
    });
    this.status(node, 'success', { attempt, outputs });
  }

  private park(to: { status: 'running' | 'waiting'; jobAt: number }): void {
    this.isOver = true;
    this.abort.abort();
    this.writer.set({ ...to, release: true }).then(
      () => this.close({ kind: 'parked' }),
      () => this.close({ kind: 'lost' }),
    );
  }

  private end({ status, error }: Extract<Effect, { kind: 'finish' }>): void {
    this.isOver = true;
    clearTimeout(this.alarm);
    const now = Date.now();
    this.cancelOpenSteps(now);
    this.abort.abort();
    const { plan, head } = this.options;
    const output = status === 'completed' ? outputOf(plan, this.state) : null;
    let outputJson: string | null = null;
    try {
      outputJson = output && outputText(output);
    } catch (reason) {
      const { message, code } = failureOf(reason);
      this.writeEnd({ now, status: 'failed', error: { message, code, node: null }, outputJson: null, output: null });
      return;
    }
    this.writeEnd({ now, status, error, outputJson, output, ...(head.reply && {}) });
  }

  private writeEnd(end: {
    readonly now: number;
    readonly status: 'completed' | 'failed' | 'cancelled';
    readonly error: Failure | null;
    readonly output: unknown;
    readonly outputJson: string | null;
  }): void {
    const { now, status, error, output, outputJson } = end;
    this.writer.event(`execution_${status}`, now, this.endData(end));
    const result: RunResult = { executionId: this.id, status, output, reply: this.state.reply, error };
    const errorJson = error && jsonText(error);
    this.writer.set({ status, outputJson, errorJson, finishedAt: now, release: true }).then(
      () => this.close({ kind: 'ended', result }),
      (reason: unknown) => this.close({ kind: 'lost' }, reason),
    );
  }

  private endData(end: { now: number; status: string; error: Failure | null; output: unknown }): Record<string, unknown> {
    if (end.status === 'cancelled') return { execution_id: this.id };
    if (end.error) {
      return { error: end.error.message, error_code: end.error.code, ...(end.error.node && { node_id: end.error.node }) };
    }
    const finished = this.state.steps.filter((step) => step.state === 'success' || step.state === 'failed').length;
    return {
      output: this.previewOf(end.output),
      activity_summary: {
        total_steps: finished,
        total_duration_ms: end.now - this.options.head.createdAt,
        total_tokens: 0,
        total_cost_usd: 0,
        llm_calls: 0,
        tool_invocations: 0,
        child_count: 0,
      },
    };
  }
}
