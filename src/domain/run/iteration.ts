import { placesOf } from './scope.ts';

/** One repetition of a node in a loop. */
export interface Iteration {
  readonly scope: string;
  readonly failed: boolean;
}

/** A node's repetitions in the order of the items, the outer loop's first. */
export function inItemOrder(iterations: Iterable<Iteration>): Iteration[] {
  // There may be many thousands, so no scope is taken apart twice.
  const placed = Array.from(iterations, (one) => ({
    one,
    at: placesOf(one.scope).map(({ index }) => index),
  }));
  return placed.sort((a, b) => compare(a.at, b.at)).map(({ one }) => one);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [at, index] of a.entries()) {
    const difference = index - (b[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/**
 * Where to look when somebody comes from another node: at the same item, or as near to it as this node's loops go;
 * without a wish at the first that failed. The number counts from 0.
 */
export function startingAt(iterations: readonly Iteration[], wish: string | null): number {
  if (wish !== null) {
    const same = iterations.findIndex(({ scope }) => scope === wish);
    if (same >= 0) return same;
    const near = iterations.findIndex(
      ({ scope }) => scope.startsWith(`${wish}/`) || wish.startsWith(`${scope}/`),
    );
    if (near >= 0) return near;
  }
  return Math.max(
    0,
    iterations.findIndex(({ failed }) => failed),
  );
}
