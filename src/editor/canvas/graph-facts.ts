import { edgeRole, framesOf, withoutReturns } from '#domain/graph/frame.ts';
import type { Graph, GraphEdge } from '#domain/graph/graph.ts';
import { topologicalOrder } from '#domain/graph/order.ts';
import { planesOf, withParts } from '#domain/graph/plug.ts';
import { isSlotType } from '#domain/graph/port-type.ts';
import { type DefinitionOf, portsOf } from '#domain/node/definition.ts';

const connectedByEdges = new WeakMap<readonly GraphEdge[], ReadonlySet<string>>();
const orderByGraph = new WeakMap<Graph, ReadonlyMap<string, number>>();
const arrivalsByGraph = new WeakMap<Graph, ReadonlyMap<string, number>>();
const bodiesByGraph = new WeakMap<Graph, ReadonlyMap<string, readonly string[]>>();

const key = (node: string, side: 'input' | 'output', port: string): string => `${node}\n${side}\n${port}`;

/** Whether an edge ends at the port; worked out once for each list of edges. */
export function isConnected(graph: Graph, node: string, side: 'input' | 'output', port: string): boolean {
  let connected = connectedByEdges.get(graph.edges);
  if (!connected) {
    connected = new Set(
      graph.edges.flatMap((edge) => [
        key(edge.source, 'output', edge.sourcePort),
        key(edge.target, 'input', edge.targetPort),
      ]),
    );
    connectedByEdges.set(graph.edges, connected);
  }
  return connected.has(key(node, side, port));
}

/** Position of every node in running order, from 1; parts follow what they are plugged into, circles come last. */
export function stepNumbers(graph: Graph, definitionOf: DefinitionOf): ReadonlyMap<string, number> {
  let numbers = orderByGraph.get(graph);
  if (!numbers) {
    const { sorted, cyclic } = topologicalOrder(withoutReturns(graph, definitionOf));
    const order = withPartsInPlace(graph, [...sorted, ...cyclic], definitionOf);
    numbers = new Map(order.map((id, at) => [id, at + 1]));
    orderByGraph.set(graph, numbers);
  }
  return numbers;
}

/** Moves nodes that are only plugged in behind what they are plugged into first. */
function withPartsInPlace(graph: Graph, ids: readonly string[], definitionOf: DefinitionOf): string[] {
  const { plugs } = planesOf(graph, definitionOf);
  if (plugs.length === 0) return [...ids];
  const parts = onlyParts(graph, definitionOf);
  const order = new Set<string>();
  const put = (id: string): void => {
    if (order.has(id)) return;
    order.add(id);
    for (const plug of plugs) if (plug.target === id && parts.has(plug.source)) put(plug.source);
  };
  for (const id of ids) if (!parts.has(id)) put(id);
  // Parts plugged into each other in a circle have nothing to follow.
  for (const id of ids) put(id);
  return [...order];
}

const partsByGraph = new WeakMap<Graph, ReadonlySet<string>>();

/** The nodes that are plugged into others and that no data flows to or from. */
export function onlyParts(graph: Graph, definitionOf: DefinitionOf): ReadonlySet<string> {
  let parts = partsByGraph.get(graph);
  if (!parts) {
    const { flow, plugs } = planesOf(graph, definitionOf);
    const flowing = new Set(flow.edges.flatMap((edge) => [edge.source, edge.target]));
    parts = new Set(plugs.map((plug) => plug.source).filter((id) => !flowing.has(id)));
    partsByGraph.set(graph, parts);
  }
  return parts;
}

/** How many edges a node's start depends on: all that end there, but for its slots and a loop's way back. */
export function arrivalsAt(graph: Graph, node: string, definitionOf: DefinitionOf): number {
  let arrivals = arrivalsByGraph.get(graph);
  if (!arrivals) {
    arrivals = countArrivals(graph, definitionOf);
    arrivalsByGraph.set(graph, arrivals);
  }
  return arrivals.get(node) ?? 0;
}

function countArrivals(graph: Graph, definitionOf: DefinitionOf): ReadonlyMap<string, number> {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const counts = new Map<string, number>();
  for (const edge of graph.edges) {
    const target = nodes.get(edge.target);
    const port = target && portsOf(target, definitionOf).inputs.find((one) => one.name === edge.targetPort);
    if (!port || port.loop === 'return' || isSlotType(port.type)) continue;
    counts.set(edge.target, (counts.get(edge.target) ?? 0) + 1);
  }
  return counts;
}

/** What every loop repeats, loops inside it and all parts included; loops without a body are left out. */
export function loopBodies(graph: Graph, definitionOf: DefinitionOf): ReadonlyMap<string, readonly string[]> {
  let bodies = bodiesByGraph.get(graph);
  if (!bodies) {
    const { around, kinds } = framesOf(graph, definitionOf);
    const found = new Map<string, string[]>();
    for (const [id, openers] of around) {
      for (const opener of openers) {
        if (kinds.get(opener) !== 'loop' || opener === id) continue;
        const body = found.get(opener);
        if (body) body.push(id);
        else found.set(opener, [id]);
      }
    }
    const { plugs } = planesOf(graph, definitionOf);
    bodies =
      plugs.length === 0 ? found : new Map([...found].map(([id, body]) => [id, [...withParts(body, plugs)]]));
    bodiesByGraph.set(graph, bodies);
  }
  return bodies;
}

/** The edges that end a repetition. */
export function returnEdges(graph: Graph, definitionOf: DefinitionOf): GraphEdge[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  return graph.edges.filter((edge) => edgeRole(edge, nodes, definitionOf) === 'return');
}
