import type { Failure, FinalStatus, Outputs } from './fact.ts';
import { endIteration } from './loop.ts';
import type { PlannedNode } from './planned.ts';
import { type Scope, stepIn } from './state.ts';
import { iterationAround } from './view.ts';
import { dropScope, endStep, type Work } from './work.ts';

/** A step has failed and is not tried again: its settings, or the loop around it, say what becomes of that. */
export function failForGood(work: Work, scope: Scope, node: PlannedNode, error: Failure): void {
  const step = stepIn(scope, node);
  const { onError, fallback } = node.node.settings;
  step.state = 'failed';
  step.error = error;
  if (onError === 'fail') {
    failAround(work, scope, error);
    return;
  }
  const outputs: Outputs =
    onError === 'route'
      ? { error: { message: error.message, code: error.code, node: error.node } }
      : Object.fromEntries(node.outputs.map((port) => [port, fallback ?? null]));
  step.outputs = outputs;
  scope.outputs[node.id] = outputs;
  endStep(work, scope, node);
}

/** What a failure ends: one repetition, the loop with all of them, or the run. */
function failAround(work: Work, scope: Scope, error: Failure): void {
  const iteration = iterationAround(scope);
  const loopNode = iteration?.frame.opener;
  const around = iteration?.parent;
  if (!iteration || !loopNode || !around) {
    endRun(work, 'failed', error);
    return;
  }
  const step = stepIn(around, loopNode);
  if (step.loop?.iterate.onItemError !== 'stop') {
    endIteration(work, iteration, error);
    return;
  }
  for (const child of [...around.children]) if (child.frame === iteration.frame) dropScope(work, child);
  const place = { node: loopNode.id, scope: around.path, attempt: step.attempt };
  work.effects.push({ kind: 'fail', ...place, error });
  failForGood(work, around, loopNode, error);
}

/** Ends the run as a whole; what is still open is cancelled. */
export function endRun(work: Work, status: FinalStatus, error: Failure | null): void {
  const { state } = work;
  for (const scope of state.scopes.values()) {
    for (const step of scope.steps) {
      if (step.state === 'running' || step.state === 'waiting') step.state = 'cancelled';
    }
  }
  state.status = status;
  state.error = error;
  work.effects.push({ kind: 'finish', status, error });
}
