import type { Graph } from './graph.ts';

type Links = ReadonlyMap<string, readonly string[]>;

/** Nodes in running order, and those that cannot be ordered because they are on or behind a circle. */
export interface Order {
  readonly sorted: readonly string[];
  readonly cyclic: readonly string[];
}

/** Every edge comes from an earlier node; nodes that do not depend on each other keep the graph's order. */
export function topologicalOrder(graph: Graph): Order {
  const next = links(graph, 'downstream');
  const waitingFor = new Map(graph.nodes.map((node) => [node.id, 0]));
  for (const targets of next.values()) {
    for (const id of targets) waitingFor.set(id, (waitingFor.get(id) ?? 0) + 1);
  }
  const sorted = graph.nodes.map((node) => node.id).filter((id) => waitingFor.get(id) === 0);
  for (const id of sorted) {
    for (const target of next.get(id) ?? []) {
      const left = (waitingFor.get(target) ?? 0) - 1;
      waitingFor.set(target, left);
      // Growing the list while walking it is the queue of Kahn's algorithm.
      if (left === 0) sorted.push(target);
    }
  }
  const done = new Set(sorted);
  return { sorted, cyclic: graph.nodes.map((node) => node.id).filter((id) => !done.has(id)) };
}

/** Everything that can run because `start` ran; `start` itself only when it is on a circle. */
export function downstreamOf(graph: Graph, start: string): Set<string> {
  return reach(links(graph, 'downstream'), [start]);
}

/** Everything whose result can reach `start`; `start` itself only when it is on a circle. */
export function upstreamOf(graph: Graph, start: string): Set<string> {
  return reach(links(graph, 'upstream'), [start]);
}

/** The given nodes and everything downstream of any of them. */
export function reachableFrom(graph: Graph, starts: readonly string[]): Set<string> {
  return new Set([...starts, ...reach(links(graph, 'downstream'), starts)]);
}

/** Node ids that lie on a circle: those that can reach themselves. */
export function nodesOnCircle(graph: Graph): string[] {
  const next = links(graph, 'downstream');
  return topologicalOrder(graph).cyclic.filter((id) => reach(next, [id]).has(id));
}

/** Graphs are never changed in place, so what was read from one once holds for good. */
const cache = new WeakMap<Graph, Record<'downstream' | 'upstream', Links>>();

function links(graph: Graph, direction: 'downstream' | 'upstream'): Links {
  let both = cache.get(graph);
  if (!both) {
    both = readLinks(graph);
    cache.set(graph, both);
  }
  return both[direction];
}

function readLinks(graph: Graph): Record<'downstream' | 'upstream', Links> {
  const downstream = new Map<string, string[]>(graph.nodes.map((node) => [node.id, []]));
  const upstream = new Map<string, string[]>(graph.nodes.map((node) => [node.id, []]));
  for (const { source, target } of graph.edges) {
    // An edge to a node that is not there orders nothing.
    if (!downstream.has(source) || !downstream.has(target)) continue;
    downstream.get(source)?.push(target);
    upstream.get(target)?.push(source);
  }
  return { downstream, upstream };
}

function reach(next: Links, starts: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...starts];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const after of next.get(id) ?? []) {
      if (seen.has(after)) continue;
      seen.add(after);
      open.push(after);
    }
  }
  return seen;
}
