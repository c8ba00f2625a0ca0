import type { Graph, GraphEdge } from '#domain/graph/graph.ts';
import { nodeTitle } from '#domain/graph/graph.ts';
import { planesOf } from '#domain/graph/plug.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { onlyParts, stepNumbers } from '../canvas/graph-facts.ts';

export type Step = 'next' | 'previous' | 'above' | 'below' | 'first' | 'last';

/** Node ids in running order. */
export const inOrder = (graph: Graph, definitionOf: DefinitionOf): string[] => [
  ...stepNumbers(graph, definitionOf).keys(),
];

/**
 * Where an arrow key leads from a node: along its edges, down to what is plugged into it and up again, or to the
 * neighbour above or below. Null stays.
 */
export function walked(
  graph: Graph,
  from: string | null,
  step: Step,
  definitionOf: DefinitionOf,
): string | null {
  const order = inOrder(graph, definitionOf);
  if (from === null || step === 'first') return order[0] ?? null;
  if (step === 'last') return order.at(-1) ?? null;
  const { flow, plugs } = planesOf(graph, definitionOf);
  const isPart = onlyParts(graph, definitionOf).has(from);
  if (step === 'next' || step === 'previous') {
    if (isPart) return besidePart(graph, from, { plugs, direction: step === 'next' ? 1 : -1 });
    return step === 'next'
      ? (flow.edges.find((edge) => edge.source === from)?.target ?? null)
      : (flow.edges.find((edge) => edge.target === from)?.source ?? null);
  }
  const plugged = step === 'below' ? partsInRow(graph, from, plugs)[0] : undefined;
  const host = step === 'above' && isPart ? plugs.find((plug) => plug.source === from)?.target : undefined;
  return plugged ?? host ?? sibling(graph, from, step === 'below' ? 1 : -1);
}

/** What is plugged into a node, from left to right. */
function partsInRow(graph: Graph, host: string, plugs: readonly GraphEdge[]): string[] {
  const parts = new Set(plugs.filter((plug) => plug.target === host).map((plug) => plug.source));
  return graph.nodes
    .filter((node) => parts.has(node.id))
    .sort((a, b) => a.x - b.x)
    .map((node) => node.id);
}

/** The next part of the same host. */
function besidePart(
  graph: Graph,
  part: string,
  { plugs, direction }: { plugs: readonly GraphEdge[]; direction: 1 | -1 },
): string | null {
  const host = plugs.find((plug) => plug.source === part)?.target;
  const row = host === undefined ? [] : partsInRow(graph, host, plugs);
  return row[row.indexOf(part) + direction] ?? null;
}

/** The nearest node that lies above or below, preferring the same column. */
function sibling(graph: Graph, from: string, direction: 1 | -1): string | null {
  const here = graph.nodes.find((node) => node.id === from);
  if (!here) return null;
  const away = (node: { x: number; y: number }): number =>
    Math.abs(node.y - here.y) + Math.abs(node.x - here.x) * 2;
  const [nearest] = graph.nodes
    .filter((node) => node.id !== from && (node.y - here.y) * direction > 0)
    .sort((a, b) => away(a) - away(b));
  return nearest?.id ?? null;
}

/** The next node in running order after `from` whose title starts with the letters; null if none. */
export function byTitle(
  graph: Graph,
  from: string | null,
  letters: string,
  definitionOf: DefinitionOf,
): string | null {
  const order = inOrder(graph, definitionOf);
  const start = from === null ? 0 : order.indexOf(from) + (letters.length > 1 ? 0 : 1);
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const turned = [...order.slice(start), ...order.slice(0, start)];
  const fits = (id: string): boolean => {
    const node = nodes.get(id);
    return node !== undefined && nodeTitle(node).toLowerCase().startsWith(letters.toLowerCase());
  };
  return turned.find(fits) ?? null;
}
