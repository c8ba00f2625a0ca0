import type { ExecutionStatus } from '#domain/run/event.ts';

/** A card's state, as `data-state` shows it. */
export type CardState =
  | 'idle'
  | 'queued'
  | 'running'
  | 'waiting'
  | 'success'
  | 'failed'
  | 'skipped'
  | 'cancelled';

/** What the canvas knows of one step of the shown run. */
export interface StepView {
  readonly state: CardState;
  readonly durationMs: number | null;
  readonly error: string | null;
  readonly errorCode: string | null;
  readonly attempt: number;
  /** Items by output port that was taken; ports not in it were not taken. Null while the step is not at its end. */
  readonly taken: Readonly<Record<string, number>> | null;
  /** When the step started, ms since the epoch by this browser's clock; null unless it runs. */
  readonly startedAt: number | null;
  /** End of a wait, ms since the epoch. */
  readonly until: number | null;
}

export interface RunView {
  readonly executionId: string | null;
  readonly status: ExecutionStatus | null;
  readonly error: string | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Keyed by node id; a step that nothing is known of is absent. */
  readonly steps: Readonly<Record<string, StepView>>;
}

export const NO_RUN: RunView = {
  executionId: null,
  status: null,
  error: null,
  startedAt: null,
  endedAt: null,
  steps: {},
};

const FRESH: StepView = {
  state: 'idle',
  durationMs: null,
  error: null,
  errorCode: null,
  attempt: 1,
  taken: null,
  startedAt: null,
  until: null,
};

const STATES: Readonly<Record<string, CardState>> = {
  pending: 'queued',
  running: 'running',
  waiting: 'waiting',
  success: 'success',
  failed: 'failed',
  skipped: 'skipped',
  cancelled: 'cancelled',
};

export const isOver = (status: ExecutionStatus | null): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

interface RunMessage {
  readonly type: string;
  readonly timestamp: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The view after some messages, in order; steps nobody spoke of keep their identity. */
export function afterMessages(view: RunView, messages: readonly RunMessage[]): RunView {
  const steps = { ...view.steps };
  let run: Omit<RunView, 'steps'> = view;
  for (const { type, timestamp, data } of messages) {
    const at = timestamp * 1000;
    const id = typeof data['node_id'] === 'string' ? data['node_id'] : null;
    if (type === 'node_enqueued' && id) steps[id] = { ...FRESH, state: 'queued' };
    else if (type === 'node_status' && id) steps[id] = stepAfter(steps[id] ?? FRESH, data, at);
    else run = runAfter(run, type, data, at);
  }
  return { ...run, steps: isOver(run.status) ? settled(steps, run.status) : steps };
}

function runAfter(
  run: Omit<RunView, 'steps'>,
  type: string,
  data: RunMessage['data'],
  at: number,
): typeof run {
  switch (type) {
    case 'execution_started':
      return { ...run, status: 'running', startedAt: at, error: null };
    case 'execution_completed':
      return { ...run, status: 'completed', endedAt: at };
    case 'execution_failed':
      return { ...run, status: 'failed', endedAt: at, error: textOf(data['error']) };
    case 'execution_cancelled':
      return { ...run, status: 'cancelled', endedAt: at };
    case 'execution_interrupted':
      return { ...run, status: 'interrupted' };
    default:
      return run;
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const inMs = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function stepAfter(step: StepView, data: RunMessage['data'], at: number): StepView {
  const state = STATES[String(data['status'])] ?? step.state;
  return {
    state,
    durationMs: numberOf(data['duration_ms']) ?? step.durationMs,
    error: state === 'failed' ? textOf(data['error']) : null,
    errorCode: state === 'failed' ? textOf(data['error_code']) : null,
    attempt: numberOf(data['attempt']) ?? step.attempt,
    taken: takenBy(state, data),
    startedAt: state === 'running' ? at : null,
    until: inMs(numberOf(data['resume_at'])),
  };
}

function takenBy(state: CardState, data: RunMessage['data']): Record<string, number> | null {
  if (state !== 'success' && state !== 'failed' && state !== 'skipped' && state !== 'cancelled') return null;
  const output = typeof data['output'] === 'object' && data['output'] !== null ? data['output'] : {};
  const listed = data['outputs_taken'];
  const ports = Array.isArray(listed) ? listed.map(String) : state === 'skipped' ? [] : Object.keys(output);
  return Object.fromEntries(ports.map((port) => [port, itemsIn((output as Record<string, unknown>)[port])]));
}

/** A list counts its items; everything else is one. */
export const itemsIn = (value: unknown): number => (Array.isArray(value) ? value.length : 1);

/** Once a run is over nothing may look as if it still went on. */
function settled(steps: Record<string, StepView>, status: ExecutionStatus | null): Record<string, StepView> {
  for (const [id, step] of Object.entries(steps)) {
    if (step.state === 'running' || step.state === 'queued' || step.state === 'waiting') {
      steps[id] = { ...step, state: status === 'completed' ? 'skipped' : 'cancelled', startedAt: null };
    }
  }
  return steps;
}

interface LoggedStep {
  readonly node_id: string;
  readonly status: string;
  readonly output: unknown;
  readonly error: string;
  readonly error_code: string | null;
  readonly duration_ms: number;
  readonly attempt: number;
  readonly timestamp: string;
}

interface StoredRun {
  readonly execution_id: string;
  readonly status: ExecutionStatus;
  readonly error_message: string;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly trigger_node_id: string;
  readonly trigger_payload: unknown;
  readonly logs: readonly LoggedStep[];
}

/** The view of a stored run; used when a run is opened and after a lost connection. */
export function viewOfStored(run: StoredRun): RunView {
  const messages = run.logs.map((log) => ({
    type: 'node_status',
    timestamp: Date.parse(log.timestamp) / 1000,
    data: { ...log, output: log.output ?? {} } as Record<string, unknown>,
  }));
  const view = afterMessages({ ...NO_RUN, executionId: run.execution_id, status: 'running' }, messages);
  const steps: Record<string, StepView> = { ...view.steps };
  // A trigger has no step of its own: it has fired, or there would be no run.
  steps[run.trigger_node_id] ??= { ...FRESH, state: 'success', taken: {} };
  return {
    executionId: run.execution_id,
    status: run.status,
    error: textOf(run.error_message),
    startedAt: run.started_at ? Date.parse(run.started_at) : null,
    endedAt: run.completed_at ? Date.parse(run.completed_at) : null,
    steps: isOver(run.status) ? settled(steps, run.status) : steps,
  };
}

export type EdgeState = 'idle' | 'taken' | 'skipped';

/** How an edge out of `port` went, told by its source step. A trigger without listed ports has taken all. */
export function edgeStateOf(step: StepView | undefined, port: string, isTrigger: boolean): EdgeState {
  if (!step?.taken) return 'idle';
  if (step.state === 'cancelled') return 'idle';
  // A failure that leaves by no port ends the run there; nothing behind it was decided.
  if (step.state === 'failed' && Object.keys(step.taken).length === 0) return 'idle';
  if (isTrigger && Object.keys(step.taken).length === 0) return 'taken';
  return Object.hasOwn(step.taken, port) ? 'taken' : 'skipped';
}
