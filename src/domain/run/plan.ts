import type { Graph, GraphEdge, GraphNode, Port } from '../graph/graph.ts';
import { nodeTitle } from '../graph/graph.ts';
import { isSlotType } from '../graph/port-type.ts';
import { type DefinitionOf, ERROR_PORT, portsOf } from '../node/definition.ts';
import type { PlannedEdge, PlannedNode, RunPlan } from './planned.ts';
import { topologicalOrder } from './topological-order.ts';

/** The graph cannot be run as it is drawn; the message names the place and the way out. */
export class PlanError extends Error {
  readonly code = 'invalid_workflow';
}

export const DEFAULT_TIMEOUT_MS = 60_000;

type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };
type GrowingNode = Growing<PlannedNode>;

interface Compiling {
  readonly graph: Graph;
  readonly definitionOf: DefinitionOf;
  readonly nodes: Map<string, { planned: GrowingNode; inputs: readonly Port[]; outputs: readonly Port[] }>;
}

/**
 * Prepares a graph for running. Costs one pass over the nodes that can be reached from `triggerNode`; keep the
 * result, it is immutable.
 * @throws PlanError for a missing trigger, an unknown node type, an edge without its node or port, or a circle.
 */
export function compile(graph: Graph, triggerNode: string, definitionOf: DefinitionOf): RunPlan {
  const compiling: Compiling = { graph, definitionOf, nodes: new Map() };
  const reached = reach(graph, triggerNode);
  for (const node of reached.nodes) addNode(compiling, node);
  const edges = reached.edges
    .sort((a, b) => a.priority - b.priority || a.id - b.id)
    .map((edge) => planEdge(compiling, edge))
    .filter((edge) => edge !== null)
    .map((edge, index) => ({ ...edge, index }));
  for (const edge of edges) {
    (edge.source as GrowingNode).outgoing.push(edge);
    (edge.target as GrowingNode).incoming.push(edge);
  }
  const nodes = [...compiling.nodes.values()].map((entry) => entry.planned as PlannedNode);
  const trigger = nodes[0];
  if (!trigger) throw new PlanError(`There is no trigger “${triggerNode}” in this workflow.`);
  refuseCircle(nodes);
  return { trigger, nodes, edges, byId: new Map(nodes.map((node) => [node.id, node])) };
}

function reach(graph: Graph, triggerNode: string): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const outgoing = new Map<string, GraphEdge[]>();
  for (const edge of graph.edges) {
    const list = outgoing.get(edge.source);
    if (list) list.push(edge);
    else outgoing.set(edge.source, [edge]);
  }
  const trigger = byId.get(triggerNode);
  const nodes = trigger ? [trigger] : [];
  const seen = new Set([triggerNode]);
  const edges: GraphEdge[] = [];
  for (let at = 0; at < nodes.length; at += 1) {
    for (const edge of outgoing.get(nodes[at]?.id ?? '') ?? []) {
      edges.push(edge);
      if (seen.has(edge.target)) continue;
      seen.add(edge.target);
      const target = byId.get(edge.target);
      if (!target)
        throw new PlanError(`Edge ${edge.id} ends at “${edge.target}”, which does not exist. Remove it.`);
      nodes.push(target);
    }
  }
  return { nodes, edges };
}

function addNode(compiling: Compiling, node: GraphNode): void {
  const definition = compiling.definitionOf(node.type);
  if (!definition) {
    throw new PlanError(
      `“${nodeTitle(node)}” (${node.id}) has the unknown type ${node.type}. Remove or replace it.`,
    );
  }
  const { inputs, outputs } = portsOf(node, compiling.definitionOf);
  const planned: GrowingNode = {
    index: compiling.nodes.size,
    id: node.id,
    node,
    definition,
    incoming: [],
    outgoing: [],
    outputs: outputs.filter((port) => !isSlotType(port.type) && port !== ERROR_PORT).map((port) => port.name),
    retry: node.settings.retry ?? definition.retry ?? null,
    timeoutMs: node.settings.timeoutMs ?? definition.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  };
  compiling.nodes.set(node.id, { planned, inputs, outputs });
}

function planEdge(compiling: Compiling, edge: GraphEdge): Omit<PlannedEdge, 'index'> | null {
  const source = compiling.nodes.get(edge.source);
  const target = compiling.nodes.get(edge.target);
  if (!source || !target) throw new PlanError(`Edge ${edge.id} has lost its node. Remove it.`);
  const from = source.outputs.find((port) => port.name === edge.sourcePort);
  const to = target.inputs.find((port) => port.name === edge.targetPort);
  if (!from) throw lostPort(edge, source.planned.node, `output port ${edge.sourcePort}`);
  if (!to) throw lostPort(edge, target.planned.node, `input port ${edge.targetPort}`);
  // Slots plug a part into a node; nothing flows along them during a run.
  if (isSlotType(from.type) || isSlotType(to.type)) return null;
  return {
    id: edge.id,
    source: source.planned,
    sourcePort: from.name,
    sourceType: from.type,
    target: target.planned,
    targetPort: to.name,
    targetType: to.type,
    many: to.many ?? false,
  };
}

function lostPort(edge: GraphEdge, node: GraphNode, port: string): PlanError {
  return new PlanError(
    `Edge ${edge.id}: “${nodeTitle(node)}” (${node.id}) has no ${port}. Remove the edge or connect it again.`,
  );
}

function refuseCircle(nodes: readonly PlannedNode[]): void {
  if (topologicalOrder(nodes).length === nodes.length) return;
  throw new PlanError('The workflow runs in a circle. Remove the edge that leads back.');
}
