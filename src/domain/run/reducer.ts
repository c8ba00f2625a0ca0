import type { Reply } from '../node/executor.ts';
import type { Effect, Fact, Failure, FinalStatus, Outputs, StepRef } from './fact.ts';
import { inputsOf } from './input.ts';
import type { PlannedNode, RunPlan } from './planned.ts';
import {
  emptyState,
  type RunState,
  type StepProgress,
  TOKEN_NONE,
  TOKEN_SKIPPED,
  TOKEN_TAKEN,
} from './state.ts';

/** The only scope until loops exist. */
export const ROOT_SCOPE = '';

/** Everything `facts` imply, from nothing: the state and every effect they ever called for. */
export function decide(plan: RunPlan, facts: Iterable<Fact>): { state: RunState; effects: Effect[] } {
  const state = emptyState(plan);
  const effects: Effect[] = [];
  for (const fact of facts) effects.push(...advance(plan, state, fact));
  return { state, effects };
}

/**
 * Takes one more fact into `state` (changed in place) and says what follows from it. The cost depends on the edges
 * the fact touches, not on the size of the graph. Facts about steps that are not open, or about another attempt
 * than the current one, change nothing.
 */
export function advance(plan: RunPlan, state: RunState, fact: Fact): Effect[] {
  const effects: Effect[] = [];
  if (state.status !== 'running') return effects;
  if (fact.kind === 'started') start(plan, state, fact.payload, effects);
  else if (fact.kind === 'cancelled') end(state, 'cancelled', null, effects);
  else if (fact.kind === 'aborted') end(state, 'failed', fact.error, effects);
  else onStep(plan, state, fact, effects);
  return effects;
}

type StepFact = Extract<Fact, StepRef>;

function onStep(plan: RunPlan, state: RunState, fact: StepFact, effects: Effect[]): void {
  const node = plan.byId.get(fact.node);
  const step = node && state.steps[node.index];
  if (!node || !step || fact.scope !== ROOT_SCOPE || step.attempt !== fact.attempt) return;
  const expected = fact.kind === 'resumed' || fact.kind === 'retry_due' ? 'waiting' : 'running';
  if (step.state !== expected) return;
  const { scope, attempt } = fact;
  switch (fact.kind) {
    case 'done':
      succeed(state, node, { outputs: fact.outputs, reply: fact.reply ?? null }, effects);
      return;
    case 'failed':
      step.error = fact.error;
      if (fact.retryAt === null) failForGood(state, node, fact.error, effects);
      else {
        pause(step, fact.retryAt);
        effects.push({ kind: 'retry', node: node.id, scope, attempt, at: fact.retryAt });
      }
      return;
    case 'waiting':
      pause(step, fact.until);
      step.outputs = fact.outputs;
      effects.push({ kind: 'wait', node: node.id, scope, attempt, until: fact.until });
      return;
    case 'resumed':
      if (step.outputs) succeed(state, node, { outputs: step.outputs, reply: null }, effects);
      return;
    case 'retry_due':
      // A step that waits holds outputs; one that pauses before another attempt does not.
      if (!step.outputs) run(state, node, effects);
  }
}

function pause(step: StepProgress, until: number): void {
  step.state = 'waiting';
  step.until = until;
}

function start(plan: RunPlan, state: RunState, payload: unknown, effects: Effect[]): void {
  const { trigger } = plan;
  const step = state.steps[trigger.index];
  if (!step || step.state !== 'pending') return;
  state.trigger = payload;
  step.attempt = 1;
  succeed(state, trigger, { outputs: triggerOutputs(trigger, payload), reply: null }, effects);
}

/** A trigger's port gives the payload's field of the same name; the port `payload` gives the whole. */
function triggerOutputs(trigger: PlannedNode, payload: unknown): Outputs {
  const fields = payload !== null && typeof payload === 'object' ? (payload as Outputs) : {};
  const outputs: Record<string, unknown> = {};
  for (const port of trigger.outputs) {
    outputs[port] = port === 'payload' ? payload : Object.hasOwn(fields, port) ? fields[port] : null;
  }
  return outputs;
}

function succeed(
  state: RunState,
  node: PlannedNode,
  end: { outputs: Outputs; reply: Reply | null },
  effects: Effect[],
): void {
  if (end.reply) state.reply = end.reply;
  settle(state, node, { state: 'success', outputs: end.outputs }, effects);
}

function failForGood(state: RunState, node: PlannedNode, error: Failure, effects: Effect[]): void {
  const { onError, fallback } = node.node.settings;
  if (onError === 'fail') {
    const step = state.steps[node.index];
    if (step) step.state = 'failed';
    state.open -= 1;
    end(state, 'failed', error, effects);
    return;
  }
  const outputs: Outputs =
    onError === 'route'
      ? { error: { message: error.message, code: error.code, node: node.id } }
      : Object.fromEntries(node.outputs.map((port) => [port, fallback ?? null]));
  settle(state, node, { state: 'failed', outputs }, effects);
}

interface Settlement {
  readonly state: 'success' | 'failed';
  readonly outputs: Outputs;
}

/** A step has ended with outputs: hand out its tokens, wake or skip what follows, and see whether that was all. */
function settle(state: RunState, node: PlannedNode, settlement: Settlement, effects: Effect[]): void {
  const step = state.steps[node.index];
  if (!step) return;
  step.state = settlement.state;
  step.outputs = settlement.outputs;
  step.until = null;
  state.outputs[node.id] = settlement.outputs;
  state.open -= 1;
  sendTokens(state, node, effects);
  if (state.open === 0) end(state, 'completed', null, effects);
}

/** Dead paths are followed in a list, not by recursion: a skipped chain may be thousands of nodes long. */
function sendTokens(state: RunState, from: PlannedNode, effects: Effect[]): void {
  const ended = [from];
  for (let at = 0; at < ended.length; at += 1) {
    const node = ended[at];
    if (!node) continue;
    const outputs = state.steps[node.index]?.outputs ?? null;
    for (const edge of node.outgoing) {
      if (state.tokens[edge.index] !== TOKEN_NONE) continue;
      const taken = outputs !== null && Object.hasOwn(outputs, edge.sourcePort);
      state.tokens[edge.index] = taken ? TOKEN_TAKEN : TOKEN_SKIPPED;
      if (arrive(state, edge.target, taken, effects)) ended.push(edge.target);
    }
  }
}

/** One more token at `node`. @returns true when the node is skipped by it. */
function arrive(state: RunState, node: PlannedNode, taken: boolean, effects: Effect[]): boolean {
  const step = state.steps[node.index];
  if (!step) return false;
  step.arrived += 1;
  if (taken) step.taken += 1;
  if (step.state !== 'pending') return false;
  const complete = step.arrived === node.incoming.length;
  if (step.taken > 0 && (complete || node.node.settings.join === 'any')) {
    run(state, node, effects);
    return false;
  }
  if (!complete) return false;
  step.state = 'skipped';
  state.open -= 1;
  effects.push({ kind: 'skip', node: node.id, scope: ROOT_SCOPE, attempt: 0 });
  return true;
}

function run(state: RunState, node: PlannedNode, effects: Effect[]): void {
  const step = state.steps[node.index];
  if (!step) return;
  step.state = 'running';
  step.until = null;
  step.attempt += 1;
  effects.push({
    kind: 'run',
    node: node.id,
    scope: ROOT_SCOPE,
    attempt: step.attempt,
    inputs: inputsOf(state, node),
  });
}

function end(state: RunState, status: FinalStatus, error: Failure | null, effects: Effect[]): void {
  for (const step of state.steps) {
    if (step.state === 'running' || step.state === 'waiting') step.state = 'cancelled';
  }
  state.status = status;
  state.error = error;
  effects.push({ kind: 'finish', status, error });
}
