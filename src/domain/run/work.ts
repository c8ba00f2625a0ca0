import type { Effect } from './fact.ts';
import type { PlannedFrame, PlannedNode, RunPlan } from './planned.ts';
import type { RunState, Scope } from './state.ts';

/** One `advance` under way. What ends is queued, not followed at once: paths may be thousands of nodes long. */
export interface Work {
  readonly plan: RunPlan;
  readonly state: RunState;
  readonly effects: Effect[];
  /** Steps that have ended and whose tokens are still to be handed out. */
  readonly ended: { readonly scope: Scope; readonly node: PlannedNode }[];
  /** Scopes in which nothing is open any more. */
  readonly closed: Scope[];
}

/** A step has come to its end, whichever. */
export function endStep(work: Work, scope: Scope, node: PlannedNode): void {
  work.ended.push({ scope, node });
}

/** One thing less is open in a scope. */
export function lessOpen(work: Work, scope: Scope): void {
  scope.open -= 1;
  if (scope.open > 0 || scope.isOver) return;
  scope.isOver = true;
  work.closed.push(scope);
}

/** Nothing in a frame will run: its nodes are skipped, in the words of the scope around it. */
export function skipFrame(work: Work, frame: PlannedFrame, path: string): void {
  for (const node of frame.nodes) work.effects.push({ kind: 'skip', node: node.id, scope: path, attempt: 0 });
  for (const inner of work.plan.frames) if (inner.parent === frame) skipFrame(work, inner, path);
}

/** Forgets a scope and all that lies in it. Steps that are under way are stopped. */
export function dropScope(work: Work, scope: Scope): void {
  scope.isOver = true;
  for (const child of scope.children) dropScope(work, child);
  for (const node of scope.frame.nodes) {
    const step = scope.steps[node.slot];
    if (step?.state !== 'running' && step?.state !== 'waiting') continue;
    // Between two attempts there is nothing to stop: the failed one has its record already.
    const isPausing = step.state === 'waiting' && step.error !== null;
    step.state = 'cancelled';
    if (isPausing) continue;
    work.effects.push({ kind: 'cancel', node: node.id, scope: scope.path, attempt: step.attempt });
  }
  work.state.scopes.delete(scope.path);
  scope.parent?.children.delete(scope);
}
