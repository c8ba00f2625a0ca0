import type { StepLog } from '#client/step-log.ts';
import type { RunEvent, StepState } from '#domain/run/event.ts';
import { placesOf } from '#domain/run/scope.ts';
import { repeatedStep } from './repeated-step.ts';
import type { RunStep, Shown } from './run-step.ts';

type Draft = { -readonly [K in keyof RunStep]: RunStep[K] };
interface Entry {
  readonly own: Draft;
  readonly repetitions: Map<string, Draft>;
}

const OVER: readonly StepState[] = ['success', 'failed', 'skipped', 'cancelled'];

/**
 * The steps of a run in the order they began, told by its events, which are live; the logs tell of those whose events
 * are gone.
 */
export function stepsOf(events: readonly RunEvent[], logs: readonly StepLog[]): RunStep[] {
  const steps = new Map<string, Entry>();
  const draftAt = (nodeId: string, scope: string): Draft => {
    const entry = steps.get(nodeId) ?? { own: emptyStep(nodeId), repetitions: new Map<string, Draft>() };
    steps.set(nodeId, entry);
    if (scope === '') return entry.own;
    const draft = entry.repetitions.get(scope) ?? emptyStep(nodeId);
    entry.repetitions.set(scope, draft);
    return draft;
  };
  for (const event of events) {
    // Calls of tools and of other parts belong to the step that makes them.
    if (event.type !== 'node_status' || event.data['is_tool_call'] === true) continue;
    if (event.data['is_part_call'] === true) continue;
    applyStatus(draftAt(text(event.data['node_id']), text(event.data['scope'])), event);
  }
  const told = new Set(steps.keys());
  for (const log of logs) if (!told.has(log.node_id)) applyLog(draftAt(log.node_id, log.scope), log);
  return [...steps.values()].map(({ own, repetitions }) => {
    if (repetitions.size === 0) return own;
    const step = repeatedStep(repetitions);
    const loop = placesOf(repetitions.keys().next().value ?? '')[0]?.loop;
    // Between two items nothing runs, and yet the next one follows.
    const goesOn = steps.get(loop ?? '')?.own.state === 'running' && step.state !== 'waiting';
    return goesOn ? { ...step, state: 'running', endedAt: null } : step;
  });
}

function applyStatus(step: Draft, { data, timestamp }: RunEvent): void {
  const state = data['status'] as StepState;
  const at = timestamp * 1000;
  step.title = text(data['node_label']) || text(data['display_name']) || step.nodeId;
  step.type = text(data['display_name']);
  step.state = state;
  if (typeof data['attempt'] === 'number') step.attempt = data['attempt'];
  if (state === 'running') step.startedAt ??= at;
  step.endedAt = OVER.includes(state) ? at : null;
  // Steps that take no time worth telling of have no event of their start.
  if (step.endedAt !== null && typeof data['duration_ms'] === 'number') {
    step.startedAt = Math.min(step.startedAt ?? at, at - data['duration_ms']);
  }
  step.error = text(data['error']);
  step.errorCode = text(data['error_code']) || null;
  step.resumeAt = typeof data['resume_at'] === 'number' ? data['resume_at'] * 1000 : null;
  step.shown = shownIn(data['shown']);
}

function shownIn(value: unknown): Shown | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Shown) : null;
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
  shown: null,
  repetitions: null,
});

function applyLog(step: Draft, log: StepLog): void {
  const startedAt = Date.parse(log.timestamp);
  step.state = log.status;
  step.attempt = log.attempt;
  step.startedAt ??= startedAt;
  step.endedAt = OVER.includes(log.status) ? startedAt + log.duration_ms : null;
  step.error = log.error;
  step.errorCode = log.error_code;
}
