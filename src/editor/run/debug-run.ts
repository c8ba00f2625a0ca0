import type { InputOf } from '#contract/contract.ts';
import { withoutReturns } from '#domain/graph/frame.ts';
import type { Graph } from '#domain/graph/graph.ts';
import { upstreamOf } from '#domain/graph/order.ts';
import { hostsOf, planesOf, withParts } from '#domain/graph/plug.ts';
import type { Problem } from '#domain/graph/validate.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';

type Execute = InputOf<'workflows', 'execute'>;

/** Values by input port. */
export type Inputs = NonNullable<Execute['inputs']>[string];

/** How a debugging run differs from a plain one, in the words of the API. */
export type DebugOptions = Pick<Execute, 'until' | 'only' | 'from' | 'inputs' | 'reuse_execution_id'>;

/** The triggers that lead to a node, itself included if it is one; in the order of the graph. */
export function triggersOf(graph: Graph, node: string, definitionOf: DefinitionOf): string[] {
  const before = neededBy(graph, node, definitionOf);
  return graph.nodes
    .filter((one) => before.has(one.id) && definitionOf(one.type)?.trigger)
    .map((one) => one.id);
}

/** The node and what leads to it; of a part, what leads to where it is plugged in. */
function neededBy(graph: Graph, node: string, definitionOf: DefinitionOf): Set<string> {
  const forward = withoutReturns(graph, definitionOf);
  const hosts = hostsOf(node, planesOf(graph, definitionOf).plugs);
  return new Set([node, ...hosts].flatMap((id) => [id, ...upstreamOf(forward, id)]));
}

/** The faults that keep a node, and what it needs, from running. Those of other nodes do not matter. */
export function problemsUpTo(
  problems: readonly Problem[],
  graph: Graph,
  node: string,
  definitionOf: DefinitionOf,
): Problem[] {
  const needed = withParts(neededBy(graph, node, definitionOf), planesOf(graph, definitionOf).plugs);
  const edges = new Map(graph.edges.map((edge) => [edge.id, edge]));
  return problems.filter(({ level, nodeId, edgeId }) => {
    if (level !== 'error') return false;
    const edge = edgeId === undefined ? undefined : edges.get(edgeId);
    if (edge) return needed.has(edge.target);
    return nodeId === undefined || needed.has(nodeId);
  });
}

interface LoggedInput {
  readonly node_id: string;
  readonly scope?: string;
  readonly input: unknown;
}

/** What arrived at a node in a run; null when it did not run there or no values were kept. */
export function inputsIn(logs: readonly LoggedInput[], node: string): Inputs | null {
  const input = logs.filter((log) => log.node_id === node).at(-1)?.input;
  // What was too large to be sent is no input.
  if (typeof input === 'object' && input !== null && '$truncated' in input) return null;
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as Inputs) : null;
}
