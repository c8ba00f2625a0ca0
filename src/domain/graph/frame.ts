import { type DefinitionOf, portsOf } from '../node/definition.ts';
import type { Graph, GraphNode } from './graph.ts';
import { nodeTitle } from './graph.ts';
import { planesOf } from './plug.ts';

/**
 * Who repeats what. A loop repeats everything its body port leads to; a node that joins `each` runs, with everything
 * behind it, once for every arrival. Both open a frame; frames lie in one another but never overlap.
 */
export type FrameKind = 'loop' | 'each';

/** What an edge does: `body` leads into a loop's body, `return` ends a repetition, everything else is `flow`. */
export type EdgeRole = 'flow' | 'body' | 'return';

export interface FrameProblem {
  readonly code: 'loop_crossed' | 'loop_return' | 'frames_overlap';
  readonly nodeId: string;
  /** Of the offending return edge. */
  readonly edgeId?: number;
  readonly message: string;
}

export interface Frames {
  /** The nodes that open the frames a node lies in, from the outermost; absent means none. */
  readonly around: ReadonlyMap<string, readonly string[]>;
  readonly kinds: ReadonlyMap<string, FrameKind>;
  readonly problems: readonly FrameProblem[];
}

interface Link {
  readonly id: number;
  readonly source: string;
  readonly target: string;
  readonly role: EdgeRole;
}

export function edgeRole(
  edge: Graph['edges'][number],
  nodes: ReadonlyMap<string, GraphNode>,
  definitionOf: DefinitionOf,
): EdgeRole {
  const target = nodes.get(edge.target);
  const into = target && portsOf(target, definitionOf).inputs.find((port) => port.name === edge.targetPort);
  if (into?.loop === 'return') return 'return';
  const source = nodes.get(edge.source);
  const from = source && portsOf(source, definitionOf).outputs.find((port) => port.name === edge.sourcePort);
  return from?.loop === 'body' ? 'body' : 'flow';
}

const cache = new WeakMap<Graph, Frames>();

/** The frames of a graph; graphs are never changed in place, so they are worked out once. */
export function framesOf(graph: Graph, definitionOf: DefinitionOf): Frames {
  let frames = cache.get(graph);
  if (!frames) {
    frames = findFrames(graph, definitionOf);
    cache.set(graph, frames);
  }
  return frames;
}

interface Look {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly links: readonly Link[];
  readonly next: ReadonlyMap<string, readonly Link[]>;
  /** What each opener repeats. */
  readonly bodies: Map<string, ReadonlySet<string>>;
  readonly kinds: Map<string, FrameKind>;
  readonly problems: FrameProblem[];
}

function findFrames(graph: Graph, definitionOf: DefinitionOf): Frames {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const links = planesOf(graph, definitionOf)
    .flow.edges.filter((edge) => nodes.has(edge.source) && nodes.has(edge.target))
    .map(
      (edge): Link => ({
        id: edge.id,
        source: edge.source,
        target: edge.target,
        role: edgeRole(edge, nodes, definitionOf),
      }),
    );
  const next = groupBySource(links);
  const look: Look = { nodes, links, next, bodies: new Map(), kinds: new Map(), problems: [] };
  const incoming = new Map<string, number>();
  for (const link of links)
    if (link.role !== 'return') incoming.set(link.target, (incoming.get(link.target) ?? 0) + 1);
  for (const node of graph.nodes) {
    if ((next.get(node.id) ?? []).some((link) => link.role === 'body')) addLoop(look, node.id);
    if (node.settings.join === 'each' && (incoming.get(node.id) ?? 0) > 1) addEach(look, node.id);
  }
  const around = look.bodies.size === 0 ? new Map<string, string[]>() : chains(look);
  checkReturns(look, around);
  return { around, kinds: look.kinds, problems: look.problems };
}

function groupBySource(links: readonly Link[]): Map<string, Link[]> {
  const next = new Map<string, Link[]>();
  for (const link of links) {
    const list = next.get(link.source);
    if (list) list.push(link);
    else next.set(link.source, [link]);
  }
  return next;
}

function reach(look: Look, starts: readonly string[]): Set<string> {
  const seen = new Set(starts);
  for (const id of seen)
    for (const link of look.next.get(id) ?? []) if (link.role !== 'return') seen.add(link.target);
  return seen;
}

function addLoop(look: Look, id: string): void {
  const outgoing = look.next.get(id) ?? [];
  const targets = (isBody: boolean): string[] =>
    outgoing
      .filter((link) => link.role !== 'return' && (link.role === 'body') === isBody)
      .map((l) => l.target);
  const body = reach(look, targets(true));
  look.kinds.set(id, 'loop');
  look.bodies.set(id, body);
  for (const after of reach(look, targets(false))) {
    if (!body.has(after)) continue;
    look.problems.push({
      code: 'loop_crossed',
      nodeId: after,
      message: `${name(look, after)} lies both in the loop ${name(look, id)} and after it. Lead the body back to the loop's return port, and go on from its results.`,
    });
    return;
  }
}

function addEach(look: Look, id: string): void {
  look.kinds.set(id, 'each');
  look.bodies.set(id, reach(look, [id]));
}

/** For every node its openers from the outermost. The larger body is the outer one. */
function chains(look: Look): Map<string, string[]> {
  const openers = [...look.bodies].sort(
    ([a, bodyA], [b, bodyB]) => bodyB.size - bodyA.size || rank(look, a) - rank(look, b),
  );
  const around = new Map<string, string[]>();
  const told = new Set<string>();
  for (const [opener, body] of openers) {
    for (const id of body) {
      const chain = around.get(id);
      const outer = chain?.at(-1);
      if (outer !== undefined && !look.bodies.get(outer)?.has(opener))
        tellOverlap(look, id, [outer, opener], told);
      if (chain) chain.push(opener);
      else around.set(id, [opener]);
    }
  }
  return around;
}

const rank = (look: Look, id: string): number => (look.kinds.get(id) === 'loop' ? 0 : 1);

function tellOverlap(look: Look, id: string, [a, b]: [string, string], told: Set<string>): void {
  if (told.has(`${a}\n${b}`)) return;
  told.add(`${a}\n${b}`);
  look.problems.push({
    code: 'frames_overlap',
    nodeId: id,
    message: `${name(look, id)} would be repeated by both ${name(look, a)} and ${name(look, b)}, which do not lie in one another. Join what they give after they are done.`,
  });
}

function checkReturns(look: Look, around: ReadonlyMap<string, readonly string[]>): void {
  for (const { id, source, target, role } of look.links) {
    if (role !== 'return') continue;
    const chain = around.get(source) ?? [];
    const at = chain.lastIndexOf(target);
    // Between the loop and the end of its body only nodes that run for each arrival may lie.
    if (at >= 0 && chain.slice(at + 1).every((opener) => look.kinds.get(opener) === 'each')) continue;
    const inner =
      at >= 0 ? chain.slice(at + 1).find((opener) => look.kinds.get(opener) === 'loop') : undefined;
    const way =
      inner === undefined
        ? `Lead there from the loop's body, which begins at its “Each item” port.`
        : `It lies in the inner loop ${name(look, inner)}; lead back from that loop's results.`;
    look.problems.push({
      code: 'loop_return',
      nodeId: source,
      edgeId: id,
      message: `${name(look, source)} is not part of the body that ${name(look, target)} repeats. ${way}`,
    });
  }
}

const name = (look: Look, id: string): string => {
  const node = look.nodes.get(id);
  return node ? `“${nodeTitle(node)}” (${id})` : id;
};

const forward = new WeakMap<Graph, Graph>();

/** The graph without the edges that lead back into loops: what runs before what. */
export function withoutReturns(graph: Graph, definitionOf: DefinitionOf): Graph {
  let without = forward.get(graph);
  if (!without) {
    const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    const { flow } = planesOf(graph, definitionOf);
    const edges = flow.edges.filter((edge) => edgeRole(edge, nodes, definitionOf) !== 'return');
    without = edges.length === graph.edges.length ? graph : { nodes: graph.nodes, edges };
    forward.set(graph, without);
  }
  return without;
}
