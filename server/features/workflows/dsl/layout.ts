import { withoutReturns } from '#domain/graph/frame.ts';
import type { Graph, GraphNode } from '#domain/graph/graph.ts';
import { topologicalOrder } from '#domain/graph/order.ts';
import { planesOf } from '#domain/graph/plug.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';

const COLUMN = 320;
const ROW = 180;
const PART_COLUMN = 220;

/**
 * The graph with its nodes in columns from left to right, in the order they run, and parts below what they are plugged
 * into. Nodes that have a place already keep it.
 * @param keep ids of those nodes
 */
export function arranged(
  graph: Graph,
  definitionOf: DefinitionOf,
  keep: ReadonlySet<string> = new Set(),
): Graph {
  const { plugs } = planesOf(graph, definitionOf);
  const forward = withoutReturns(graph, definitionOf);
  const hostOf = new Map(plugs.map((plug) => [plug.source, plug.target]));
  const steps = topologicalOrder(forward).sorted.filter((id) => !hostOf.has(id));
  const depth = new Map<string, number>();
  for (const id of steps) {
    const before = forward.edges.filter((edge) => edge.target === id && depth.has(edge.source));
    depth.set(id, Math.max(0, ...before.map((edge) => (depth.get(edge.source) ?? 0) + 1)));
  }
  const partsOf = Map.groupBy(plugs, (plug) => plug.target);
  const rows = new Map<number, number>();
  const places = new Map<string, { x: number; y: number }>();
  for (const id of steps) {
    const column = depth.get(id) ?? 0;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + (partsOf.has(id) ? 2 : 1));
    places.set(id, { x: column * COLUMN, y: row * ROW });
  }
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const placed = (node: GraphNode): GraphNode => ({ ...node, ...placeOf(node.id) });
  const placeOf = (id: string): { x: number; y: number } => {
    const own = places.get(id);
    if (own) return own;
    const host = hostOf.get(id);
    if (host === undefined) return { x: 0, y: -ROW };
    const at = (partsOf.get(host) ?? []).findIndex((plug) => plug.source === id);
    const kept = keep.has(host) ? nodes.get(host) : undefined;
    const { x, y } = kept ?? places.get(host) ?? { x: 0, y: 0 };
    return { x: x + at * PART_COLUMN, y: y + ROW };
  };
  return { nodes: graph.nodes.map((node) => (keep.has(node.id) ? node : placed(node))), edges: graph.edges };
}
