import { END_OF_PATH, type Graph, type GraphEdge, type GraphNode } from '../graph/graph.ts';
import { PlanError } from './plan-error.ts';

/** Which part of a graph is run. */
export interface Selection {
  readonly only?: string | undefined;
  readonly until?: string | undefined;
}

export interface Reached {
  readonly nodes: GraphNode[];
  readonly edges: GraphEdge[];
}

/**
 * The nodes to run, the first of them in the trigger's place, and the edges between them.
 * @throws PlanError when a node that is asked for is not there, or an edge ends nowhere.
 */
export function reachedFrom({
  graph,
  triggerNode,
  only,
  until,
}: Selection & { graph: Graph; triggerNode: string }): Reached {
  if (only !== undefined) return { nodes: [existing(graph, only)], edges: [] };
  const reached = reach(graph, triggerNode, until === undefined);
  return until === undefined ? reached : neededBy(reached, existing(graph, until).id);
}

function existing(graph: Graph, id: string): GraphNode {
  const node = graph.nodes.find((one) => one.id === id);
  if (!node) throw new PlanError(`There is no node “${id}” in this workflow.`);
  return node;
}

/** @param isStrict edges that end nowhere are refused, not left out */
function reach(graph: Graph, triggerNode: string, isStrict: boolean): Reached {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const outgoing = new Map<string, GraphEdge[]>();
  for (const edge of graph.edges) {
    const list = outgoing.get(edge.source);
    if (list) list.push(edge);
    else outgoing.set(edge.source, [edge]);
  }
  const trigger = byId.get(triggerNode);
  const nodes = trigger ? [trigger] : [];
  const seen = new Set([triggerNode, END_OF_PATH]);
  const edges: GraphEdge[] = [];
  for (let at = 0; at < nodes.length; at += 1) {
    for (const edge of outgoing.get(nodes[at]?.id ?? '') ?? []) {
      edges.push(edge);
      if (seen.has(edge.target)) continue;
      seen.add(edge.target);
      const target = byId.get(edge.target);
      if (!target && !isStrict) continue;
      if (!target)
        throw new PlanError(`Edge ${edge.id} ends at “${edge.target}”, which does not exist. Remove it.`);
      nodes.push(target);
    }
  }
  return { nodes, edges };
}

/** Only what leads to `id`. A loop it needs comes with its whole body: what lies on its circle leads to it as well. */
function neededBy(reached: Reached, id: string): Reached {
  const needed = new Set([id]);
  for (const one of needed)
    for (const edge of reached.edges) if (edge.target === one) needed.add(edge.source);
  const [trigger] = reached.nodes;
  if (!trigger || !needed.has(trigger.id)) {
    throw new PlanError(`“${id}” is not connected to the trigger. Run it alone, or connect it.`);
  }
  return {
    nodes: reached.nodes.filter((node) => needed.has(node.id)),
    edges: reached.edges.filter((edge) => needed.has(edge.source) && needed.has(edge.target)),
  };
}
