import { compareScopes } from '../run/scope.ts';

/** What is needed of an entry of a run's log; entries outside loops have no scope or an empty one. */
export interface ScopedLog {
  readonly node_id: string;
  readonly scope?: string;
  readonly status: string;
  readonly attempt: number;
}

/** One repetition of a node: all its attempts. */
export interface Iteration<L extends ScopedLog> {
  readonly scope: string;
  readonly attempts: readonly L[];
  readonly failed: boolean;
}

const indexes = new WeakMap<readonly ScopedLog[], ReadonlyMap<string, readonly Iteration<ScopedLog>[]>>();

/** The repetitions of a node in the order of the items; a single one outside loops, none before it has run. */
export function iterationsOf<L extends ScopedLog>(logs: readonly L[], node: string): readonly Iteration<L>[] {
  let index = indexes.get(logs);
  if (!index) {
    index = indexed(logs);
    indexes.set(logs, index);
  }
  // The index was made of these very logs.
  return (index.get(node) ?? []) as readonly Iteration<L>[];
}

function indexed<L extends ScopedLog>(logs: readonly L[]): ReadonlyMap<string, readonly Iteration<L>[]> {
  const byNode = new Map<string, Map<string, L[]>>();
  for (const log of logs) {
    const scopes = byNode.get(log.node_id) ?? new Map<string, L[]>();
    byNode.set(log.node_id, scopes);
    const scope = log.scope ?? '';
    const list = scopes.get(scope);
    if (list) list.push(log);
    else scopes.set(scope, [log]);
  }
  const ordered = [...byNode].map(([node, scopes]) => {
    const list = [...scopes].map(([scope, attempts]) => ({
      scope,
      attempts,
      failed: attempts.at(-1)?.status === 'failed',
    }));
    return [node, list.sort((a, b) => compareScopes(a.scope, b.scope))] as const;
  });
  return new Map(ordered);
}

/**
 * Where to look when somebody comes from another node: at the same item, or as near to it as this node's loops go;
 * without a wish at the first that failed. The number counts from 0.
 */
export function startingAt(
  iterations: readonly { scope: string; failed: boolean }[],
  wish: string | null,
): number {
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
