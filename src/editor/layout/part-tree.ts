import type { Graph, GraphEdge, GraphNode } from '#domain/graph/graph.ts';
import { planesOf } from '#domain/graph/plug.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { onlyParts } from '../canvas/graph-facts.ts';
import { type CardShape, PART_DROP, type Point } from '../document/geometry.ts';

/** Between two parts of one row. */
const GAP = 24;

/** A card with everything plugged into it, as one block that a layout moves as a whole. */
export interface PartBlock {
  readonly width: number;
  readonly height: number;
  /** Corners of the card itself and of its parts, relative to the block's. */
  readonly places: ReadonlyMap<string, Point>;
}

/** Those of the given nodes that are plugged into one of them, and so lie where that one lies. */
export interface PartBlocks {
  readonly inside: ReadonlySet<string>;
  readonly blockOf: (node: GraphNode) => PartBlock;
}

/** The blocks of the nodes to be laid out. A part of several hosts lies below the first of them. */
export function partBlocks(
  graph: Graph,
  ids: ReadonlySet<string>,
  shapeOf: (node: GraphNode) => CardShape,
  definitionOf: DefinitionOf,
): PartBlocks {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const parts = onlyParts(graph, definitionOf);
  const below = new Map<string, string[]>();
  const inside = new Set<string>();
  for (const plug of inSlotOrder(planesOf(graph, definitionOf).plugs, nodes, shapeOf)) {
    const { source, target } = plug;
    const isHere = ids.has(source) && ids.has(target) && parts.has(source);
    if (!isHere || inside.has(source) || leadsTo(below, source, target)) continue;
    inside.add(source);
    below.set(target, [...(below.get(target) ?? []), source]);
  }
  const blockOf = (node: GraphNode): PartBlock => {
    const own = shapeOf(node);
    const children = (below.get(node.id) ?? []).flatMap((id) => nodes.get(id) ?? []).map(blockOf);
    return stacked(node.id, own, children);
  };
  return { inside, blockOf };
}

/** Whether `to` lies in the block of `from` already: parts plugged into each other in a circle. */
function leadsTo(below: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  return from === to || (below.get(from) ?? []).some((child) => leadsTo(below, child, to));
}

/** Plugs host by host, from the left slot to the right one. */
function inSlotOrder(
  plugs: readonly GraphEdge[],
  nodes: ReadonlyMap<string, GraphNode>,
  shapeOf: (node: GraphNode) => CardShape,
): GraphEdge[] {
  const slotAt = (plug: GraphEdge): number => {
    const host = nodes.get(plug.target);
    const slot = host && shapeOf(host).inputs.find(({ port }) => port.name === plug.targetPort);
    return slot?.x ?? 0;
  };
  return plugs.toSorted((a, b) => slotAt(a) - slotAt(b) || a.priority - b.priority || a.id - b.id);
}

/** A card above the blocks of its parts, which lie side by side and are centred below it. */
function stacked(id: string, own: CardShape, children: readonly PartBlock[]): PartBlock {
  const row = children.reduce((sum, child) => sum + child.width, 0) + GAP * Math.max(0, children.length - 1);
  const width = Math.max(own.width, row);
  const places = new Map<string, Point>([[id, { x: (width - own.width) / 2, y: 0 }]]);
  let x = (width - row) / 2;
  for (const child of children) {
    for (const [part, at] of child.places)
      places.set(part, { x: at.x + x, y: at.y + own.height + PART_DROP });
    x += child.width + GAP;
  }
  const deepest = Math.max(0, ...children.map((child) => child.height));
  return { width, height: own.height + (children.length > 0 ? PART_DROP + deepest : 0), places };
}
