import type { RunEventType, StepState } from '#domain/run/event.ts';
import { failureOf, type StepEnd } from '#domain/run/execute-step.ts';
import type { Effect, Fact, Failure, FinalStatus, Outputs, StepRef } from '#domain/run/fact.ts';
import type { PlannedNode, RunPlan } from '#domain/run/planned.ts';
import { ROOT_SCOPE } from '#domain/run/reducer.ts';
import { stepFact } from '#domain/run/step-fact.ts';
import type { Activity } from './activity.ts';
import type { Clock } from './clock.ts';
import { jsonText, outputText } from './json-text.ts';
import { faceOf, type NodeFace, type StatusDetail, type StepSpending, statusData } from './run-event.ts';
import type { StepRecord } from './run-record.ts';
import type { RunWriter } from './run-writer.ts';
import { toldKey } from './told.ts';

export type RunEffect = Extract<Effect, { kind: 'run' }>;
export type DerivedEffect = Extract<Effect, { kind: 'skip' | 'reuse' | 'complete' | 'fail' | 'progress' }>;

/** A step that has been started and has not ended. */
export interface RunningStep {
  readonly effect: RunEffect;
  /** Stops this step alone; null outside loops, where a step is only stopped with its run. */
  readonly abort: AbortController | null;
  readonly node: PlannedNode;
  readonly startedAt: number;
  readonly logs: string[];
  /** What it has spent on models, once it has ended; null where it has asked none. */
  spent: StepSpending | null;
}

type Row = Omit<StepRecord, 'n' | 'endN'>;

const EMPTY: Omit<Row, 'node' | 'scope' | 'attempt' | 'status' | 'startedAt'> = {
  resumeAt: null,
  suspensionJson: null,
  inputJson: null,
  outputJson: null,
  errorJson: null,
  logsJson: null,
  finishedAt: null,
};

const faces = new WeakMap<PlannedNode, NodeFace>();

function faceFor(node: PlannedNode): NodeFace {
  let face = faces.get(node);
  if (!face) {
    face = faceOf(node);
    faces.set(node, face);
  }
  return face;
}

/** Turns what happens to steps into rows and events. */
export class StepRecorder {
  private readonly writer: RunWriter;
  private readonly clock: Clock;
  private readonly over = new WeakSet<RunningStep>();
  /** What was told once of calls that have been made. */
  private readonly ends = new Set<string>();
  private said: { readonly node: string; readonly text: unknown } | null = null;

  constructor(writer: RunWriter, clock: Clock) {
    this.writer = writer;
    this.clock = clock;
  }

  /** Inside loops only what reaches outside is announced: bodies of pure nodes are over at once, thousands of times. */
  enqueued(node: PlannedNode, { scope }: StepRef): void {
    if (scope !== ROOT_SCOPE) return;
    this.writer.event('node_enqueued', this.clock.now(), { node_id: node.id });
  }

  started(step: RunningStep): void {
    const { scope, attempt } = step.effect;
    if (scope !== ROOT_SCOPE && step.node.definition.effect === 'pure') return;
    this.status(step.node, 'running', { attempt, scope });
  }

  /** Writes down how a step ended. @returns the fact it amounts to. */
  ended(step: RunningStep, end: StepEnd): Fact {
    const now = this.clock.now();
    this.over.add(step);
    const { node, effect } = step;
    const fact = stepFact({ ref: effect, node, end, now, random: this.clock.random() });
    try {
      return this.record(step, end, fact);
    } catch (error) {
      const failure = failureOf(error);
      const failed = stepFact({ ref: effect, node, end: failure, now, random: this.clock.random() });
      return this.record(step, failure, failed);
    }
  }

  /** @throws StepError when the outputs cannot be stored. */
  private record(step: RunningStep, end: StepEnd, fact: Fact): Fact {
    const { scope, attempt } = step.effect;
    const row = rowOf(step);
    const now = this.clock.now();
    const durationMs = now - step.startedAt;
    if (fact.kind === 'failed') {
      const { error, retryAt } = fact;
      const { spent } = step;
      this.writer.step({
        ...row,
        status: 'failed',
        errorJson: jsonText(error),
        resumeAt: retryAt,
        finishedAt: now,
      });
      const more = { ...(retryAt !== null && { resumeAt: retryAt }), ...(spent && { spent }) };
      this.status(step.node, 'failed', { scope, attempt, durationMs, error, ...more });
    } else if (fact.kind === 'waiting') {
      const outputJson = outputText(fact.outputs);
      this.writer.step({ ...row, status: 'waiting', outputJson, resumeAt: fact.until });
      this.status(step.node, 'waiting', { scope, attempt, resumeAt: fact.until });
    } else if (fact.kind === 'suspended') this.suspended(step, fact, end);
    else if (fact.kind === 'iterating') {
      const { iterate } = fact;
      const suspensionJson = outputText({ kind: 'iterate', iterate });
      this.writer.step({ ...row, status: 'waiting', suspensionJson });
      this.status(step.node, 'running', {
        scope,
        attempt,
        progress: { done: 0, total: iterate.items.length },
      });
    } else if (fact.kind === 'done') {
      const { outputs, reply } = fact;
      const { spent } = step;
      this.writer.step({ ...row, status: 'success', outputJson: outputText(outputs), finishedAt: now });
      this.status(step.node, 'success', { scope, attempt, durationMs, outputs, ...(spent && { spent }) });
      if (reply) this.writer.reply(reply);
    }
    return fact;
  }

  private suspended(step: RunningStep, fact: Extract<Fact, { kind: 'suspended' }>, end: StepEnd): void {
    const { suspension, scope, attempt } = fact;
    const shown = (end.kind === 'suspend' ? end.shown : null) ?? null;
    const suspensionJson = outputText({ kind: 'suspend', suspension, shown });
    this.writer.step({ ...rowOf(step), status: 'waiting', suspensionJson, resumeAt: suspension.until });
    const detail = shown ? { shown } : {};
    const resume = suspension.until === null ? {} : { resumeAt: suspension.until };
    this.status(step.node, 'waiting', { scope, attempt, ...resume, ...detail });
    if (!suspension.human) return;
    this.writer.event('execution_interrupted', this.clock.now(), { node_id: step.node.id, ...shown });
  }

  /**
   * What a step under way says; nothing more once it has ended, nor what another has just said word for word, nor
   * what an earlier attempt has said of the same call.
   */
  told(step: RunningStep, type: 'node_status' | 'chat_message', data: Record<string, unknown>): void {
    if (this.over.has(step) || this.isAgain(step, type, data)) return;
    if (type === 'chat_message') {
      const before = this.said;
      this.said = { node: step.node.id, text: data['text'] };
      if (before !== null && before.node !== step.node.id && before.text === data['text']) return;
    }
    this.writer.event(type, this.clock.now(), data);
  }

  private isAgain({ effect }: RunningStep, type: RunEventType, data: Record<string, unknown>): boolean {
    const { call_key: call, status, is_tool_call: isTool } = data;
    const isEnd =
      type === 'chat_message' || (isTool === true && (status === 'success' || status === 'failed'));
    if (typeof call !== 'string' || !isEnd) return false;
    const key = `${effect.node} ${effect.scope} ${toldKey(type, call)}`;
    if (this.ends.has(key)) return true;
    this.ends.add(key);
    return false;
  }

  trigger(plan: RunPlan, outputs: Outputs, now: number): void {
    const { trigger } = plan;
    this.writer.step({
      ...EMPTY,
      node: trigger.id,
      scope: ROOT_SCOPE,
      attempt: 1,
      status: 'success',
      outputJson: jsonText(outputs),
      startedAt: now,
      finishedAt: now,
    });
    // The payload is in the run and in the trigger's row; a third copy in the events would serve nobody.
    this.status(trigger, 'success', { durationMs: 0, portsTaken: Object.keys(outputs) });
  }

  /** What the facts imply without anything having been run for it. */
  derived(node: PlannedNode, effect: DerivedEffect): void {
    const now = this.clock.now();
    const { scope, attempt } = effect;
    const row = { ...EMPTY, node: node.id, scope, attempt, startedAt: now, finishedAt: now };
    switch (effect.kind) {
      case 'skip':
        this.writer.step({ ...row, status: 'skipped' });
        this.status(node, 'skipped', { scope });
        return;
      case 'fail':
        this.writer.step({ ...row, status: 'failed', errorJson: jsonText(effect.error) });
        this.status(node, 'failed', { scope, attempt, error: effect.error });
        return;
      case 'complete':
      case 'reuse': {
        const { outputs } = effect;
        this.writer.step({ ...row, status: 'success', outputJson: outputText(outputs) });
        this.status(node, 'success', {
          scope,
          attempt,
          outputs,
          ...(effect.kind === 'reuse' && { reused: true }),
        });
        return;
      }
      case 'progress': {
        const { done, total } = effect;
        this.status(node, 'running', { scope, attempt, progress: { done, total } });
      }
    }
  }

  /** A wait is over. The row keeps the times and the output it was written with. */
  resumed(node: PlannedNode, { scope, attempt }: StepRef, outputs: Outputs): void {
    const now = this.clock.now();
    this.writer.step({
      ...EMPTY,
      node: node.id,
      scope,
      attempt,
      status: 'success',
      startedAt: now,
      finishedAt: now,
    });
    this.status(node, 'success', { scope, attempt, outputs });
  }

  cancelled(node: PlannedNode, { scope, attempt }: StepRef, step: RunningStep | undefined): void {
    const now = this.clock.now();
    const base = step ? rowOf(step) : { ...EMPTY, node: node.id, scope, attempt, startedAt: now };
    this.writer.step({ ...base, status: 'cancelled', finishedAt: now });
    this.status(node, 'cancelled', { scope, attempt });
  }

  private status(node: PlannedNode, status: StepState, detail: StatusDetail): void {
    this.writer.event('node_status', this.clock.now(), statusData(faceFor(node), status, detail));
  }
}

function rowOf(step: RunningStep): Omit<Row, 'status'> {
  const { node, scope, attempt, inputs } = step.effect;
  const logsJson = step.logs.length > 0 ? jsonText(step.logs) : null;
  return {
    ...EMPTY,
    node,
    scope,
    attempt,
    inputJson: inputText(inputs),
    logsJson,
    startedAt: step.startedAt,
  };
}

/** Inputs are made of outputs, which have been stored as JSON already; only their sum can be too much. */
function inputText(inputs: Outputs): string {
  try {
    return outputText(inputs);
  } catch {
    return '{"truncated":true}';
  }
}

/** The data of a run's last event (contract §18.4). */
export function endData(end: {
  readonly executionId: string;
  readonly status: FinalStatus;
  readonly error: Failure | null;
  /** Already shortened. */
  readonly output: unknown;
  readonly steps: number;
  readonly durationMs: number;
  readonly activity: Activity;
}): Record<string, unknown> {
  if (end.status === 'cancelled') return { execution_id: end.executionId };
  const activity_summary = {
    total_steps: end.steps,
    total_duration_ms: end.durationMs,
    total_tokens: end.activity.tokens,
    total_cost_usd: end.activity.costUsd,
    llm_calls: end.activity.llmCalls,
    tool_invocations: end.activity.toolInvocations,
    child_count: end.activity.childCount,
  };
  if (end.error) {
    const { message, code, node } = end.error;
    return { error: message, error_code: code, ...(node !== null && { node_id: node }), activity_summary };
  }
  return { output: end.output, activity_summary };
}
