import { edgeRole, type Frames, framesOf } from '../graph/frame.ts';
import {
  END_OF_PATH,
  type Graph,
  type GraphEdge,
  type GraphNode,
  nodeTitle,
  type Port,
} from '../graph/graph.ts';
import { planesOf } from '../graph/plug.ts';
import { isSlotType } from '../graph/port-type.ts';
import { type DefinitionOf, ERROR_PORT, portsOf } from '../node/definition.ts';
import type { GrowingEdge, GrowingNode } from './growing.ts';
import { hasTemplate } from './has-template.ts';
import { PlanError } from './plan-error.ts';
import { placeInFrames } from './plan-frame.ts';
import { reachedFrom, type Selection } from './plan-reach.ts';
import type { RunPlan } from './planned.ts';
import { type PlannedParts, partsPlanner } from './planned-part.ts';
import { topologicalOrder } from './topological-order.ts';

export { PlanError } from './plan-error.ts';

export const DEFAULT_TIMEOUT_MS = 60_000;

interface Compiling {
  readonly graph: Graph;
  readonly partsOf: (node: GraphNode) => PlannedParts;
  readonly definitionOf: DefinitionOf;
  readonly nodes: Map<string, { planned: GrowingNode; inputs: readonly Port[]; outputs: readonly Port[] }>;
}

export interface CompileOptions extends Selection {
  readonly graph: Graph;
  readonly triggerNode: string;
  readonly definitionOf: DefinitionOf;
}

/**
 * Prepares a graph for running. Costs one pass over the nodes that can be reached from the trigger; keep the
 * result, it is immutable. With `only`, that node alone; with `until`, only what it needs, and it.
 * What is plugged into slots belongs to its node and is no step of its own.
 * @throws PlanError for a missing trigger, an unknown node type, an edge without its node or port, a circle, or a
 * loop whose body is torn open.
 */
export function compile(given: CompileOptions): RunPlan {
  const { definitionOf } = given;
  const graph = planesOf(given.graph, definitionOf).flow;
  const options = { ...given, graph };
  const partsOf = partsPlanner(given.graph, definitionOf);
  const compiling: Compiling = { graph, definitionOf, partsOf, nodes: new Map() };
  const reached = reachedFrom(options);
  for (const node of reached.nodes) addNode(compiling, node);
  const edges = reached.edges
    .filter((edge) => edge.target !== END_OF_PATH)
    .sort((a, b) => a.priority - b.priority || a.id - b.id)
    .map((edge) => planEdge(compiling, edge));
  for (const [order, edge] of edges.entries()) {
    edge.order = order;
    (edge.source as GrowingNode).outgoing.push(edge);
    if (edge.role !== 'return') (edge.target as GrowingNode).incoming.push(edge);
  }
  const nodes = [...compiling.nodes.values()].map((entry) => entry.planned);
  const [trigger] = nodes;
  if (!trigger) throw new PlanError(`There is no trigger “${options.triggerNode}” in this workflow.`);
  if (topologicalOrder(nodes).length !== nodes.length) {
    throw new PlanError('The workflow runs in a circle. Remove the edge that leads back.');
  }
  const frames = placeInFrames(nodes, edges, framesFor(options, reached));
  return {
    trigger,
    entry: options.only === undefined ? 'trigger' : 'node',
    root: frames[0] as RunPlan['root'],
    frames,
    nodes,
    edges,
    byId: new Map(nodes.map((node) => [node.id, node])),
  };
}

/** The frames of what is run: a loop outside it has no say. @throws PlanError for a torn body. */
function framesFor(
  { graph, definitionOf }: CompileOptions,
  reached: { nodes: GraphNode[]; edges: GraphEdge[] },
): Frames {
  const whole = reached.nodes.length === graph.nodes.length && reached.edges.length === graph.edges.length;
  const frames = framesOf(whole ? graph : reached, definitionOf);
  const [problem] = frames.problems;
  if (problem) throw new PlanError(problem.message);
  return frames;
}

function addNode(compiling: Compiling, node: GraphNode): void {
  const definition = compiling.definitionOf(node.type);
  if (!definition) {
    throw new PlanError(
      `“${nodeTitle(node)}” (${node.id}) has the unknown type ${node.type}. Remove or replace it.`,
    );
  }
  const { inputs, outputs } = portsOf(node, compiling.definitionOf);
  const planned = {
    index: compiling.nodes.size,
    id: node.id,
    node,
    definition,
    opens: null,
    incoming: [],
    outgoing: [],
    outputs: outputs.filter((port) => !isSlotType(port.type) && port !== ERROR_PORT).map((port) => port.name),
    retry: node.settings.retry ?? definition.retry ?? null,
    timeoutMs: node.settings.timeoutMs ?? definition.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    parts: compiling.partsOf(node),
    isTemplated: hasTemplate(node.config, definition.verbatim ?? []),
  };
  // Its frame and slot follow once all edges are known.
  compiling.nodes.set(node.id, { planned: planned as unknown as GrowingNode, inputs, outputs });
}

function planEdge(compiling: Compiling, edge: GraphEdge): GrowingEdge {
  const source = compiling.nodes.get(edge.source);
  const target = compiling.nodes.get(edge.target);
  if (!source || !target) throw new PlanError(`Edge ${edge.id} has lost its node. Remove it.`);
  const from = source.outputs.find((port) => port.name === edge.sourcePort);
  const to = target.inputs.find((port) => port.name === edge.targetPort);
  if (!from) throw lostPort(edge, source.planned.node, `output port ${edge.sourcePort}`);
  if (!to) throw lostPort(edge, target.planned.node, `input port ${edge.targetPort}`);
  const nodes = new Map([
    [edge.source, source.planned.node],
    [edge.target, target.planned.node],
  ]);
  const planned = {
    id: edge.id,
    role: edgeRole(edge, nodes, compiling.definitionOf),
    isArrival: false,
    source: source.planned,
    sourcePort: from.name,
    sourceType: from.type,
    target: target.planned,
    targetPort: to.name,
    targetType: to.type,
    many: to.many ?? false,
  };
  return planned as unknown as GrowingEdge;
}

function lostPort(edge: GraphEdge, node: GraphNode, port: string): PlanError {
  return new PlanError(
    `Edge ${edge.id}: “${nodeTitle(node)}” (${node.id}) has no ${port}. Remove the edge or connect it again.`,
  );
}
