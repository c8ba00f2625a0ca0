import type { Effect, Fact, Outputs, StepRef } from './fact.ts';
import { endRun, failForGood } from './failure.ts';
import { beginLoop, endIteration } from './loop.ts';
import type { RunOptions } from './option.ts';
import type { PlannedNode, RunPlan } from './planned.ts';
import { emptyState, type RunState, type Scope, type StepProgress, stepIn } from './state.ts';
import { runStep, sendTokens, settleArrivals } from './token.ts';
import { dropScope, endStep, lessOpen, type Work } from './work.ts';

export { ROOT_SCOPE } from './state.ts';

/** Everything `facts` imply, from nothing: the state and every effect they ever called for. */
export function decide(
  plan: RunPlan,
  facts: Iterable<Fact>,
  options: RunOptions = {},
): { state: RunState; effects: Effect[] } {
  const state = emptyState(plan, options);
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
  const work: Work = { plan, state, effects: [], ended: [], closed: [] };
  if (state.status !== 'running') return work.effects;
  if (fact.kind === 'started') start(work, fact.payload);
  else if (fact.kind === 'cancelled') endRun(work, 'cancelled', null);
  else if (fact.kind === 'aborted') endRun(work, 'failed', fact.error);
  else onStep(work, fact);
  drain(work);
  return work.effects;
}

/** Follows what has ended until nothing more follows. */
function drain(work: Work): void {
  const { ended, closed, state } = work;
  while ((ended.length > 0 || closed.length > 0) && state.status === 'running') {
    for (const { scope, node } of ended.splice(0)) {
      if (state.scopes.get(scope.path) !== scope) continue;
      const step = stepIn(scope, node);
      if (step.state !== 'skipped') state.finished += 1;
      sendTokens(work, scope, node);
      lessOpen(work, scope);
    }
    if (ended.length === 0) for (const scope of closed.splice(0)) close(work, scope);
  }
}

function close(work: Work, scope: Scope): void {
  const { parent, frame } = scope;
  if (!parent) {
    endRun(work, 'completed', null);
    return;
  }
  if (work.state.scopes.get(scope.path) !== scope) return;
  if (frame.kind === 'loop') {
    endIteration(work, scope, null);
    return;
  }
  // Seen from outside, the last arrival counts.
  Object.assign(parent.outputs, scope.outputs);
  dropScope(work, scope);
  const arrivals = parent.arrivals[parent.frame.eachFrames.indexOf(frame)];
  if (arrivals) arrivals.running -= 1;
  settleArrivals(work, parent, frame);
}

type StepFact = Extract<Fact, StepRef>;
type PauseFact = Extract<StepFact, { kind: 'resumed' | 'retry_due' | 'signalled' }>;
type EndFact = Exclude<StepFact, PauseFact>;

/** Facts that end a pause; all others come from a step that runs. */
const endsPause = (fact: StepFact): fact is PauseFact =>
  fact.kind === 'resumed' || fact.kind === 'retry_due' || fact.kind === 'signalled';

function onStep(work: Work, fact: StepFact): void {
  const node = work.plan.byId.get(fact.node);
  const scope = work.state.scopes.get(fact.scope);
  if (!node || scope?.frame !== node.frame) return;
  const step = stepIn(scope, node);
  if (step.attempt !== fact.attempt) return;
  if (endsPause(fact)) {
    if (step.state === 'waiting') goOn(work, { scope, node, step }, fact);
  } else if (step.state === 'running') settle(work, { scope, node, step }, fact);
}

interface Place {
  readonly scope: Scope;
  readonly node: PlannedNode;
  readonly step: StepProgress;
}

function settle(work: Work, place: Place, fact: EndFact): void {
  const { scope, node, step } = place;
  const { node: id, scope: path, attempt } = fact;
  const ref = { node: id, scope: path, attempt };
  switch (fact.kind) {
    case 'done':
      if (fact.reply) work.state.reply = fact.reply;
      succeed(work, place, fact.outputs);
      return;
    case 'failed':
      step.error = fact.error;
      if (fact.retryAt === null) failForGood(work, scope, node, fact.error);
      else {
        pause(step, fact.retryAt);
        work.effects.push({ kind: 'retry', ...ref, at: fact.retryAt });
      }
      return;
    case 'waiting':
      pause(step, fact.until);
      step.outputs = fact.outputs;
      work.effects.push({ kind: 'wait', ...ref, until: fact.until });
      return;
    case 'suspended':
      pause(step, fact.suspension.until);
      step.suspension = fact.suspension;
      work.effects.push({ kind: 'suspend', ...ref, suspension: fact.suspension });
      return;
    case 'iterating':
      beginLoop(work, scope, node, fact.iterate);
  }
}

function goOn(work: Work, place: Place, fact: PauseFact): void {
  const { scope, node, step } = place;
  if (fact.kind === 'resumed') {
    // A step that waits holds outputs; one that pauses before another attempt does not.
    if (step.outputs) succeed(work, place, step.outputs);
    return;
  }
  if (fact.kind === 'retry_due') {
    if (!step.outputs && !step.suspension && !step.loop) runStep(work, scope, node);
  } else if (step.suspension) runStep(work, scope, node, fact.resumed);
}

function pause(step: StepProgress, until: number | null): void {
  step.state = 'waiting';
  step.until = until;
}

function succeed(work: Work, { scope, node, step }: Place, outputs: Outputs): void {
  step.state = 'success';
  step.outputs = outputs;
  step.until = null;
  scope.outputs[node.id] = outputs;
  endStep(work, scope, node);
}

function start(work: Work, payload: unknown): void {
  const { plan, state } = work;
  const { trigger } = plan;
  const step = stepIn(state.root, trigger);
  if (step.state !== 'pending') return;
  state.trigger = payload;
  if (plan.entry === 'node') {
    Object.assign(state.root.outputs, state.options.given);
    runStep(work, state.root, trigger);
    return;
  }
  step.attempt = 1;
  succeed(work, { scope: state.root, node: trigger, step }, triggerOutputs(trigger, payload));
}

/** A trigger's port gives the payload's field of the same name; the port `payload` gives the whole. */
function triggerOutputs(trigger: PlannedNode, payload: unknown): Outputs {
  const given = payload !== null && typeof payload === 'object' ? (payload as Outputs) : {};
  const fields = trigger.definition.received?.(payload) ?? given;
  const outputs: Record<string, unknown> = {};
  for (const port of trigger.outputs) {
    outputs[port] = port === 'payload' ? payload : Object.hasOwn(fields, port) ? fields[port] : null;
  }
  return outputs;
}
