import type { Graph } from '#domain/graph/graph.ts';
import { nodeTitle } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { stepNumbers } from '../canvas/graph-facts.ts';

export type Step = 'next' | 'previous' | 'above' | 'below' | 'first' | 'last';

/** Node ids in running order. */
export const inOrder = (graph: Graph, definitionOf: DefinitionOf): string[] => [
  ...stepNumbers(graph, definitionOf).keys(),
];

/** Where an arrow key leads from a node: along its edges, or to the neighbour above or below. Null stays. */
export function walked(
  graph: Graph,
  from: string | null,
  step: Step,
  definitionOf: DefinitionOf,
): string | null {
  const order = inOrder(graph, definitionOf);
  if (from === null || step === 'first') return order[0] ?? null;
  if (step === 'last') return order.at(-1) ?? null;
  if (step === 'next') return graph.edges.find((edge) => edge.source === from)?.target ?? null;
  if (step === 'previous') return graph.edges.find((edge) => edge.target === from)?.source ?? null;
  return sibling(graph, from, step === 'below' ? 1 : -1);
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
