import { type DefinitionOf, portsOf } from '../node/definition.ts';
import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import { isSlotType } from './port-type.ts';

/** A graph taken apart: what flows during a run, and which nodes are plugged into slots of others. */
export interface Planes {
  /** All nodes, and the edges that data flows along. */
  readonly flow: Graph;
  /** The edges that plug a part into a slot. */
  readonly plugs: readonly GraphEdge[];
}

const cache = new WeakMap<Graph, Planes>();

/** The two planes of a graph; graphs are never changed in place, so they are worked out once. */
export function planesOf(graph: Graph, definitionOf: DefinitionOf): Planes {
  let planes = cache.get(graph);
  if (!planes) {
    planes = takeApart(graph, definitionOf);
    cache.set(graph, planes);
  }
  return planes;
}

function takeApart(graph: Graph, definitionOf: DefinitionOf): Planes {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const plugs = graph.edges.filter((edge) => isPlug(edge, nodes, definitionOf));
  if (plugs.length === 0) return { flow: graph, plugs };
  const plugged = new Set(plugs);
  return { flow: { nodes: graph.nodes, edges: graph.edges.filter((edge) => !plugged.has(edge)) }, plugs };
}

/** Whether an edge ends at a slot. One whose target is not there counts by where it starts. */
export function isPlug(
  edge: Pick<GraphEdge, 'source' | 'sourcePort' | 'target' | 'targetPort'>,
  nodes: ReadonlyMap<string, GraphNode>,
  definitionOf: DefinitionOf,
): boolean {
  const target = nodes.get(edge.target);
  const into = target && portsOf(target, definitionOf).inputs.find((port) => port.name === edge.targetPort);
  if (into) return isSlotType(into.type);
  const source = nodes.get(edge.source);
  const from = source && portsOf(source, definitionOf).outputs.find((port) => port.name === edge.sourcePort);
  return from !== undefined && isSlotType(from.type);
}

/** The given nodes and everything plugged into them, directly or into what is plugged. */
export function withParts(ids: Iterable<string>, plugs: readonly GraphEdge[]): Set<string> {
  const all = new Set(ids);
  for (const id of all) for (const plug of plugs) if (plug.target === id) all.add(plug.source);
  return all;
}

/** The nodes something is plugged into, directly or through others; without `id` itself. */
export function hostsOf(id: string, plugs: readonly GraphEdge[]): Set<string> {
  const hosts = new Set([id]);
  for (const one of hosts) for (const plug of plugs) if (plug.source === one) hosts.add(plug.target);
  hosts.delete(id);
  return hosts;
}
