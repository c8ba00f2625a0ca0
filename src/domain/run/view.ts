import type { LoopView } from '../node/executor.ts';
import type { Outputs } from './fact.ts';
import type { Scope } from './state.ts';

/** Outputs of every finished node that can be seen from a scope, by node id: nearer ones hide further ones. */
export function outputsSeenFrom(scope: Scope): Readonly<Record<string, Outputs>> {
  if (!scope.parent) return scope.outputs;
  return Object.assign(Object.create(null), outputsSeenFrom(scope.parent), scope.outputs);
}

/** The nearest repetition of a loop a scope lies in. */
export function iterationAround(scope: Scope | null): Scope | null {
  let one = scope;
  while (one && one.frame.kind === 'each') one = one.parent;
  return one?.frame.kind === 'loop' ? one : null;
}

/** What templates and code see as `loop`. */
export function loopSeenFrom(scope: Scope): LoopView | null {
  const iteration = iterationAround(scope);
  if (!iteration?.parent) return null;
  const { frame, parent, item, index } = iteration;
  const loop = frame.opener && parent.steps[frame.opener.slot]?.loop;
  return { item, index, total: loop?.iterate.items.length ?? 0, parent: loopSeenFrom(parent) };
}
