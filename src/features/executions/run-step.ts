import type { OutputOf } from '#contract/contract.ts';
import type { RunEvent, StepState } from '#domain/run/event.ts';

export type StepLog = OutputOf<'executions', 'get'>['logs'][number];

/** Where one node of a run stands, and every attempt made. Times are milliseconds since the epoch. */
export interface RunStep {
  readonly nodeId: string;
  readonly title: string;
  /** The node type's name. */
  readonly type: string;
  readonly state: StepState;
  readonly attempt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly error: string;
  readonly errorCode: string | null;
  /** When a waiting step goes on. */
  readonly resumeAt: number | null;
  readonly attempts: readonly StepLog[];
}

type Draft = { -readonly [K in keyof RunStep]: RunStep[K] };
const OVER: readonly StepState[] = ['success', 'failed', 'skipped', 'cancelled'];

/**
 * The steps of a run in the order they began: states from the events, which are live, and inputs and outputs from
 * the logs, which are complete.
 */
export function stepsOf(events: readonly RunEvent[], logs: readonly StepLog[]): RunStep[] {
  const steps = new Map<string, Draft>();
  for (const event of events) if (event.type === 'node_status') applyStatus(steps, event);
  const attempts = new Map<string, StepLog[]>();
  for (const log of logs) attempts.set(log.node_id, [...(attempts.get(log.node_id) ?? []), log]);
  for (const [nodeId, list] of attempts) {
    const step = steps.get(nodeId);
    if (step) step.attempts = list;
    else steps.set(nodeId, fromLogs(nodeId, list));
  }
  return [...steps.values()];
}

function applyStatus(steps: Map<string, Draft>, { data, timestamp }: RunEvent): void {
  const nodeId = String(data.node_id ?? '');
  const state = data.status as StepState;
  const at = timestamp * 1000;
  const step = steps.get(nodeId) ?? emptyStep(nodeId);
  steps.set(nodeId, step);
  step.title = text(data.node_label) || text(data.display_name) || nodeId;
  step.type = text(data.display_name);
  step.state = state;
  if (typeof data.attempt === 'number') step.attempt = data.attempt;
  if (state === 'running') step.startedAt ??= at;
  step.endedAt = OVER.includes(state) ? at : null;
  step.error = text(data.error);
  step.errorCode = text(data.error_code) || null;
  step.resumeAt = typeof data.resume_at === 'number' ? data.resume_at * 1000 : null;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const emptyStep = (nodeId: string): Draft => ({
  nodeId,
  title: nodeId,
  type: '',
  state: 'pending',
  attempt: 1,
  startedAt: null,
  endedAt: null,
  error: '',
  errorCode: null,
  resumeAt: null,
  attempts: [],
});

/** Events of old runs may be gone; the logs alone still tell how it went. */
function fromLogs(nodeId: string, attempts: StepLog[]): Draft {
  const last = attempts.at(-1);
  const endedAt = last ? Date.parse(last.timestamp) : null;
  return {
    ...emptyStep(nodeId),
    state: last?.status ?? 'pending',
    attempt: last?.attempt ?? 1,
    startedAt: endedAt === null ? null : endedAt - (last?.duration_ms ?? 0),
    endedAt,
    error: last?.error ?? '',
    errorCode: last?.error_code ?? null,
    attempts,
  };
}
