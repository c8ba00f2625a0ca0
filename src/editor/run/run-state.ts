import type { ExecutionStatus } from '#domain/run/event.ts';
import { afterChild, afterWait, type Children, NO_CHILDREN } from './child-run.ts';
import type { Ledger } from './ledger.ts';
import { afterCall, callNewsOf, NO_USES, type PartUses, settledUses, usesAfterStep } from './part-use.ts';
import { repetitionBatch, summarised } from './repetition.ts';
import { type CardState, FRESH, isEnded, type Progress, type StepView, type Tally } from './step-view.ts';
import { afterDelta, NO_TAILS, type StreamTails, withoutTail } from './stream-tail.ts';
import { usageOf } from './usage.ts';

export interface RunView {
  readonly executionId: string | null;
  readonly status: ExecutionStatus | null;
  readonly error: string | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Keyed by node id; a step that nothing is known of is absent. */
  readonly steps: Readonly<Record<string, StepView>>;
  /** Every repetition of the nodes in loops; only what is worked out from it is shown. */
  readonly ledgers: Readonly<Record<string, Ledger>>;
  /** How parts were used, by node id; those that were not are absent. */
  readonly uses: PartUses;
  readonly children: Children;
  /** Answers that are being written, by node id. */
  readonly tails: StreamTails;
}

export const NO_RUN: RunView = {
  executionId: null,
  status: null,
  error: null,
  startedAt: null,
  endedAt: null,
  steps: {},
  ledgers: {},
  uses: NO_USES,
  children: NO_CHILDREN,
  tails: NO_TAILS,
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

type RunHead = Omit<RunView, 'steps' | 'ledgers' | 'uses' | 'children' | 'tails'>;

/** The view after some messages, in order; steps nobody spoke of keep their identity. */
export function afterMessages(view: RunView, messages: readonly RunMessage[]): RunView {
  const steps = { ...view.steps };
  const repeated = repetitionBatch(view.steps, view.ledgers);
  let run: RunHead = view;
  let { uses, tails, children } = view;
  for (const { type, timestamp, data } of messages) {
    const call = type === 'node_status' ? callNewsOf(data) : null;
    if (call) uses = afterCall(uses, call);
    if (type === 'chat_delta') tails = afterDelta(tails, data);
    if (type === 'child_node_status') children = afterChild(children, data);
    if (call || type === 'chat_delta' || type === 'child_node_status') continue;
    const id = typeof data['node_id'] === 'string' ? data['node_id'] : null;
    const enqueued = type === 'node_enqueued';
    if (id === null || !(enqueued || type === 'node_status')) {
      run = runAfter(run, type, data, timestamp * 1000);
      continue;
    }
    if (data['status'] === 'waiting') children = afterWait(children, id, data);
    const scope = textOf(data['scope']);
    const before = scope === null && !enqueued ? (steps[id] ?? FRESH) : FRESH;
    const step = enqueued
      ? { ...FRESH, state: 'queued' as const }
      : stepAfter(before, data, timestamp * 1000);
    if (isEnded(step.state)) tails = withoutTail(tails, id);
    if (scope === null && isEnded(step.state)) uses = usesAfterStep(uses, id, step.state);
    if (scope === null) steps[id] = step;
    else repeated.note({ node: id, scope, step });
  }
  const ledgers = repeated.finish(steps);
  const after = summarised(isOver(run.status) ? settled(steps, run.status) : steps);
  const over = isOver(run.status);
  return {
    ...resumed(run, view, after),
    steps: after,
    ledgers,
    uses: over ? settledUses(uses) : uses,
    children,
    tails: over ? NO_TAILS : tails,
  };
}

/** No message says that a run goes on after a question was answered; its steps do. */
function resumed(run: RunHead, before: RunView, steps: RunView['steps']): RunHead {
  if (run.status !== 'interrupted' || before.status !== 'interrupted') return run;
  const asks = Object.values(steps).some((step) => step.state === 'waiting');
  return asks ? run : { ...run, status: 'running' };
}

function runAfter(run: RunHead, type: string, data: RunMessage['data'], at: number): RunHead {
  switch (type) {
    case 'execution_started':
      return { ...run, status: 'running', startedAt: run.startedAt ?? at, error: null };
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
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;

function stepAfter(step: StepView, data: RunMessage['data'], at: number): StepView {
  const state = STATES[String(data['status'])] ?? step.state;
  return {
    state,
    durationMs: numberOf(data['duration_ms']) ?? step.durationMs,
    error: state === 'failed' ? textOf(data['error']) : null,
    errorCode: state === 'failed' ? textOf(data['error_code']) : null,
    attempt: numberOf(data['attempt']) ?? step.attempt,
    taken: takenBy(state, data),
    startedAt: state === 'running' ? (step.state === 'running' ? step.startedAt : at) : null,
    until: inMs(numberOf(data['resume_at'])),
    shown: state === 'waiting' ? recordOf(data['shown']) : null,
    progress: progressOf(data['progress']) ?? step.progress,
    tally: null,
    usage: usageOf(data['token_usage'] ?? recordOf(data['metadata'])?.['token_usage']) ?? step.usage,
  };
}

function progressOf(value: unknown): Progress | null {
  const [done, total] = [numberOf(recordOf(value)?.['done']), numberOf(recordOf(value)?.['total'])];
  return done === null || total === null ? null : { done, total };
}

function takenBy(state: CardState, data: RunMessage['data']): Record<string, number> | null {
  if (!isEnded(state)) return null;
  const output = recordOf(data['output']) ?? {};
  const listed = data['outputs_taken'];
  const ports = Array.isArray(listed) ? listed.map(String) : state === 'skipped' ? [] : Object.keys(output);
  return Object.fromEntries(ports.map((port) => [port, itemsIn(output[port])]));
}

/** A list counts its items; everything else is one. */
export const itemsIn = (value: unknown): number => (Array.isArray(value) ? value.length : 1);

/** Once a run is over nothing may look as if it still went on. */
function settled(steps: Record<string, StepView>, status: ExecutionStatus | null): Record<string, StepView> {
  const end: CardState = status === 'completed' ? 'skipped' : 'cancelled';
  for (const [id, step] of Object.entries(steps)) {
    const tally = step.tally && settledTally(step.tally, end);
    if (!isEnded(step.state) && step.state !== 'idle') {
      steps[id] = { ...step, state: end, startedAt: null, shown: null, tally };
    } else if (tally !== step.tally) steps[id] = { ...step, tally };
  }
  return steps;
}

function settledTally(tally: Tally, end: CardState): Tally {
  const { running = 0, queued = 0, waiting = 0, ...counts } = tally.counts;
  const open = running + queued + waiting;
  if (open === 0) return tally;
  return { ...tally, done: tally.done + open, counts: { ...counts, [end]: (tally.counts[end] ?? 0) + open } };
}

interface LoggedStep {
  readonly node_id: string;
  readonly scope?: string;
  readonly status: string;
  readonly output: unknown;
  readonly error: string;
  readonly error_code: string | null;
  readonly duration_ms: number;
  readonly attempt: number;
  readonly timestamp: string;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
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
    data: { ...log, ...waitOf(log), output: log.output ?? {} } as Record<string, unknown>,
  }));
  const view = afterMessages({ ...NO_RUN, executionId: run.execution_id, status: 'running' }, messages);
  const steps: Record<string, StepView> = { ...view.steps };
  // A trigger has no step of its own: it has fired, or there would be no run.
  steps[run.trigger_node_id] ??= { ...FRESH, state: 'success', taken: {} };
  addProgress(steps);
  return {
    executionId: run.execution_id,
    status: run.status,
    error: textOf(run.error_message),
    startedAt: run.started_at ? Date.parse(run.started_at) : null,
    endedAt: run.completed_at ? Date.parse(run.completed_at) : null,
    steps: summarised(isOver(run.status) ? settled(steps, run.status) : steps),
    ledgers: view.ledgers,
    uses: NO_USES,
    children: view.children,
    tails: NO_TAILS,
  };
}

/** What a log says of a wait, in the words of the messages. */
function waitOf({ metadata }: LoggedStep): Record<string, unknown> {
  const until = metadata?.['resume_at'];
  return {
    shown: metadata?.['shown'],
    ...(typeof until === 'string' && { resume_at: Date.parse(until) / 1000 }),
  };
}

/** Logs do not tell how far a loop was; what its body did does. */
function addProgress(steps: Record<string, StepView>): void {
  for (const { tally } of Object.values(steps)) {
    const loop = tally && steps[tally.loop];
    if (!tally || !loop || loop.tally?.loop === tally.loop) continue;
    const total = Object.values(tally.counts).reduce((sum, count) => sum + count, 0);
    if ((loop.progress?.total ?? 0) >= total) continue;
    steps[tally.loop] = { ...loop, progress: { done: tally.done, total } };
  }
}

export type EdgeState = 'idle' | 'taken' | 'skipped';

/** How an edge out of `port` went, told by its source step. A trigger without listed ports has taken all. */
export function edgeStateOf(step: StepView | undefined, port: string, isTrigger: boolean): EdgeState {
  if (!step?.taken) return 'idle';
  if (step.state === 'cancelled') return 'idle';
  // A failure that leaves by no port ends the run there; nothing behind it was decided.
  if (step.state === 'failed' && Object.keys(step.taken).length === 0) return 'idle';
  if (isTrigger && Object.keys(step.taken).length === 0) return 'taken';
  if (Object.hasOwn(step.taken, port)) return 'taken';
  // The next item may still go there.
  return step.tally && !isEnded(step.state) ? 'idle' : 'skipped';
}

/** The same for the port that leads into a loop's body. */
export function bodyStateOf(step: StepView | undefined): EdgeState {
  if (!step?.progress) return step?.taken ? 'skipped' : 'idle';
  return step.progress.total > 0 ? 'taken' : 'skipped';
}
