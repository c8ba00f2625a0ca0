import type { StepState } from '#domain/run/event.ts';
import { failureOf, type StepEnd } from '#domain/run/execute-step.ts';
import type { Effect, Fact, Failure, FinalStatus, Outputs } from '#domain/run/fact.ts';
import type { PlannedNode, RunPlan } from '#domain/run/planned.ts';
import { ROOT_SCOPE } from '#domain/run/reducer.ts';
import { retryTime } from '#domain/run/retry.ts';
import { jsonText, outputText } from './json-text.ts';
import { faceOf, type NodeFace, type StatusDetail, statusData } from './run-event.ts';
import type { StepRecord } from './run-record.ts';
import type { RunWriter } from './run-writer.ts';

export type RunEffect = Extract<Effect, { kind: 'run' }>;

/** A step that has been started and has not ended. */
export interface RunningStep {
  readonly effect: RunEffect;
  readonly node: PlannedNode;
  readonly startedAt: number;
  readonly logs: string[];
}

export const stepKey = (node: string, scope: string, attempt: number): string =>
  `${node}\n${scope}\n${attempt}`;

type Row = Omit<StepRecord, 'n'>;

const EMPTY: Omit<Row, 'node' | 'scope' | 'attempt' | 'status' | 'startedAt'> = {
  resumeAt: null,
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

  constructor(writer: RunWriter) {
    this.writer = writer;
  }

  started(step: RunningStep): void {
    this.status(step.node, 'running', { attempt: step.effect.attempt });
  }

  /** Writes down how a step ended. @returns the fact it amounts to. */
  ended(step: RunningStep, end: StepEnd): Fact {
    if (end.kind === 'failed') return this.failed(step, end);
    let outputJson: string;
    try {
      outputJson = outputText(end.outputs);
    } catch (error) {
      return this.failed(step, failureOf(error));
    }
    const { node, scope, attempt } = step.effect;
    const now = Date.now();
    if (end.kind === 'wait') {
      this.writer.step({ ...rowOf(step), status: 'waiting', outputJson, resumeAt: end.until });
      this.status(step.node, 'waiting', { attempt, resumeAt: end.until });
      return { kind: 'waiting', node, scope, attempt, until: end.until, outputs: end.outputs };
    }
    this.writer.step({ ...rowOf(step), status: 'success', outputJson, finishedAt: now });
    this.status(step.node, 'success', { attempt, durationMs: now - step.startedAt, outputs: end.outputs });
    if (!end.reply) return { kind: 'done', node, scope, attempt, outputs: end.outputs };
    this.writer.reply(end.reply);
    return { kind: 'done', node, scope, attempt, outputs: end.outputs, reply: end.reply };
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

  skipped(node: PlannedNode, effect: Extract<Effect, { kind: 'skip' }>): void {
    const now = Date.now();
    const { scope, attempt } = effect;
    this.writer.step({
      ...EMPTY,
      node: node.id,
      scope,
      attempt,
      status: 'skipped',
      startedAt: now,
      finishedAt: now,
    });
    this.status(node, 'skipped', {});
  }

  /** A wait is over. The row keeps the times and the output it was written with. */
  resumed(node: PlannedNode, fact: Extract<Fact, { kind: 'resumed' }>, outputs: Outputs): void {
    const now = Date.now();
    const { scope, attempt } = fact;
    this.writer.step({
      ...EMPTY,
      node: node.id,
      scope,
      attempt,
      status: 'success',
      startedAt: now,
      finishedAt: now,
    });
    this.status(node, 'success', { attempt, outputs });
  }

  cancelled(node: PlannedNode, attempt: number, step: RunningStep | undefined): void {
    const now = Date.now();
    const base = step ? rowOf(step) : { ...EMPTY, node: node.id, scope: ROOT_SCOPE, attempt, startedAt: now };
    this.writer.step({ ...base, status: 'cancelled', finishedAt: now });
    this.status(node, 'cancelled', { attempt });
  }

  private failed(step: RunningStep, end: Extract<StepEnd, { kind: 'failed' }>): Fact {
    const { node, scope, attempt } = step.effect;
    const now = Date.now();
    const error: Failure = { message: end.message, code: end.code, node };
    const { retry: policy } = step.node;
    const retryAt = retryTime({ policy, attempt, permanent: end.permanent, now, random: Math.random() });
    const errorJson = jsonText(error);
    this.writer.step({ ...rowOf(step), status: 'failed', errorJson, resumeAt: retryAt, finishedAt: now });
    const resume = retryAt === null ? {} : { resumeAt: retryAt };
    this.status(step.node, 'failed', { attempt, durationMs: now - step.startedAt, error, ...resume });
    return { kind: 'failed', node, scope, attempt, error, retryAt };
  }

  private status(node: PlannedNode, status: StepState, detail: StatusDetail): void {
    this.writer.event('node_status', Date.now(), statusData(faceFor(node), status, detail));
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
}): Record<string, unknown> {
  if (end.status === 'cancelled') return { execution_id: end.executionId };
  if (end.error) {
    const { message, code, node } = end.error;
    return { error: message, error_code: code, ...(node !== null && { node_id: node }) };
  }
  return {
    output: end.output,
    activity_summary: {
      total_steps: end.steps,
      total_duration_ms: end.durationMs,
      total_tokens: 0,
      total_cost_usd: 0,
      llm_calls: 0,
      tool_invocations: 0,
      child_count: 0,
    },
  };
}
