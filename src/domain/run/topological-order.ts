import type { PlannedNode } from './planned.ts';

/** The nodes so that every edge leads forward. Nodes on or behind a circle are missing from the result. */
export function topologicalOrder(nodes: readonly PlannedNode[]): PlannedNode[] {
  const missing = nodes.map((node) => node.incoming.length);
  const ready = nodes.filter((node) => node.incoming.length === 0);
  for (let at = 0; at < ready.length; at += 1) {
    for (const edge of ready[at]?.outgoing ?? []) {
      if (edge.role === 'return') continue;
      const { target } = edge;
      const left = (missing[target.index] ?? 0) - 1;
      missing[target.index] = left;
      if (left === 0) ready.push(target);
    }
  }
  return ready;
}
