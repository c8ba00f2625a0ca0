import type { Usage } from '#domain/model/model.ts';
import type { RunEvent, RunEventType, StepState } from '#domain/run/event.ts';
import type { Failure, Outputs } from '#domain/run/fact.ts';
import type { PlannedNode } from '#domain/run/planned.ts';
import { preview } from './preview.ts';

const MAX_ERROR = 500;

/** What every `node_status` event says about its node. */
export interface NodeFace {
  readonly node_id: string;
  readonly component_type: string;
  readonly display_name: string;
  readonly node_label: string | null;
}

export const faceOf = (node: PlannedNode): NodeFace => ({
  node_id: node.id,
  component_type: node.node.type,
  display_name: node.definition.title,
  node_label: node.node.label,
});

/** What one step has spent on models, and how many tools it has called. */
export interface StepSpending {
  readonly usage: Usage;
  readonly toolCalls: number;
}

export interface StatusDetail {
  readonly attempt?: number;
  readonly durationMs?: number;
  readonly outputs?: Outputs;
  /** In place of `outputs`, where their values are not worth an event. */
  readonly portsTaken?: readonly string[];
  readonly error?: Failure;
  readonly resumeAt?: number;
  /** Which repetition; empty outside loops. */
  readonly scope?: string;
  /** Of a loop. */
  readonly progress?: { readonly done: number; readonly total: number };
  /** What a suspended step shows, such as a prompt. */
  readonly shown?: Readonly<Record<string, unknown>>;
  /** The outputs were there already. */
  readonly reused?: boolean;
  readonly spent?: StepSpending;
}

/** The data of a `node_status` event (contract §18.4). `outputs_taken` names the ports that data leaves by. */
export function statusData(
  face: NodeFace,
  status: StepState,
  detail: StatusDetail = {},
): Record<string, unknown> {
  const data: Record<string, unknown> = {
    node_id: face.node_id,
    status,
    component_type: face.component_type,
    display_name: face.display_name,
    node_label: face.node_label,
  };
  if (detail.scope) data.scope = detail.scope;
  if (detail.attempt !== undefined) data.attempt = detail.attempt;
  if (detail.durationMs !== undefined) data.duration_ms = detail.durationMs;
  if (detail.error) {
    data.error = detail.error.message.slice(0, MAX_ERROR);
    data.error_code = detail.error.code;
  }
  if (detail.progress) data.progress = detail.progress;
  if (detail.shown) {
    data.shown = detail.shown;
    const runs = runsIn(detail.shown);
    if (runs.length > 0) data.child_execution_ids = runs;
  }
  if (detail.reused) data.reused = true;
  if (detail.spent) data.token_usage = tokenUsage(detail.spent);
  if (detail.resumeAt !== undefined) data.resume_at = detail.resumeAt / 1000;
  if (detail.outputs) {
    const { value, cut } = preview(detail.outputs);
    data.output = value;
    if (cut) data.output_truncated = true;
    data.outputs_taken = Object.keys(detail.outputs);
  } else if (detail.portsTaken) {
    data.output = null;
    data.outputs_taken = detail.portsTaken;
  }
  return data;
}

const tokenUsage = ({ usage, toolCalls }: StepSpending): Record<string, number> => ({
  input_tokens: usage.inputTokens,
  output_tokens: usage.outputTokens,
  total_tokens: usage.inputTokens + usage.outputTokens,
  llm_calls: usage.calls,
  cost_usd: usage.costUsd,
  tool_invocations: toolCalls,
});

/** The runs a step waits for, when it shows any. */
function runsIn({ execution_id: one, execution_ids: many }: Readonly<Record<string, unknown>>): string[] {
  return [one, ...(Array.isArray(many) ? many : [])].filter((id) => typeof id === 'string');
}

export function runEvent(seq: number, type: RunEventType, now: number, data: RunEvent['data']): RunEvent {
  return { seq, type, timestamp: now / 1000, data };
}
