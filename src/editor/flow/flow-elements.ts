import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Graph, GraphEdge, GraphNode } from '#domain/graph/graph.ts';
import { planesOf } from '#domain/graph/plug.ts';
import { returnEdges } from '../canvas/graph-facts.ts';
import type { DocumentState } from '../document/document-store.ts';
import {
  type Border,
  type CardShape,
  type PlacedPort,
  type Point,
  type Rect,
  rectOf,
  shapeOf,
} from '../document/geometry.ts';
import { type LoopFrame, loopFrames } from '../document/loop-geometry.ts';
import type { EditorParts, Selection } from '../editor-context.ts';

/** Edge of the square in which a port is drawn; its centre lies on the card's border. */
export const PORT_SIZE = 14;

export type FlowNode = Node<Record<string, never>, 'card'>;
/** `floor` only on edges that lead back into a loop: the lower border of what they pass. */
export type FlowEdge = Edge<{ edge: GraphEdge; floor: number | null; isPlug: boolean }, 'wire'>;

export interface FlowElements {
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
  readonly frames: readonly LoopFrame[];
}

export interface FlowBridge {
  readonly store: StoreApi<FlowElements>;
  /** Positions while a drag goes on; they live here only, the document learns of the last one. */
  readonly dragTo: (positions: ReadonlyMap<string, Point>) => void;
  readonly dragged: () => ReadonlyMap<string, Point>;
  readonly endDrag: () => void;
  /** Follows document and selection from now on. @returns what ends it. */
  readonly start: () => () => void;
}

const NO_DATA: Record<string, never> = {};

interface KnownNode {
  readonly source: GraphNode;
  readonly selected: boolean;
  readonly position: Point | undefined;
  readonly lost: string;
  readonly flow: FlowNode;
}

interface KnownEdge {
  readonly source: GraphEdge;
  readonly selected: boolean;
  readonly floor: number | null;
  readonly isPlug: boolean;
  readonly flow: FlowEdge;
}

/**
 * Derives React Flow's arrays from the document with structural sharing: an element that did not change is the very
 * same object, so React Flow and React skip it.
 */
export function bridgeToFlow({ document, selection, definitionOf }: EditorParts): FlowBridge {
  const nodeCache = new Map<string, KnownNode>();
  const edgeCache = new Map<number, KnownEdge>();
  let frames: readonly LoopFrame[] = [];
  let drag: ReadonlyMap<string, Point> = new Map();

  const derive = (doc: DocumentState, chosen: Selection): FlowElements => {
    const lost = lostPorts(doc, (node) => shapeOf(node, definitionOf));
    const nodes = doc.graph.nodes.map((source) => {
      const selected = chosen.nodes.has(source.id);
      const position = drag.get(source.id);
      const stubs = lost.get(source.id) ?? '';
      const old = nodeCache.get(source.id);
      if (
        old?.source === source &&
        old.selected === selected &&
        samePoint(old.position, position) &&
        old.lost === stubs
      ) {
        return old.flow;
      }
      const flow = nodeOf(source, { selected, position, shape: shapeOf(source, definitionOf), stubs });
      nodeCache.set(source.id, { source, selected, position, lost: stubs, flow });
      return flow;
    });
    frames = sameFrames(frames, loopFrames(doc.graph, definitionOf, placeIn(doc)));
    const floors = floorsOf(doc.graph, frames);
    const plugs = new Set(planesOf(doc.graph, definitionOf).plugs);
    const edges = doc.graph.edges.filter(drawable(doc)).map((source) => {
      const selected = chosen.edges.has(source.id);
      const floor = floors.get(source.id) ?? null;
      const old = edgeCache.get(source.id);
      const isPlug = plugs.has(source);
      if (
        old?.source === source &&
        old.selected === selected &&
        old.floor === floor &&
        old.isPlug === isPlug
      ) {
        return old.flow;
      }
      const flow = edgeOf(source, { selected, floor, isPlug });
      edgeCache.set(source.id, { source, selected, floor, isPlug, flow });
      return flow;
    });
    for (const id of nodeCache.keys()) if (!doc.nodes.has(id)) nodeCache.delete(id);
    for (const id of edgeCache.keys()) if (!doc.edges.has(id)) edgeCache.delete(id);
    return { nodes, edges, frames };
  };

  /** Where a card is drawn now, a drag included. */
  const placeIn =
    (doc: DocumentState) =>
    (id: string): Rect | undefined => {
      const node = doc.nodes.get(id);
      return node && { ...rectOf(node, definitionOf), ...drag.get(id) };
    };

  const floorsOf = (graph: Graph, all: readonly LoopFrame[]): Map<number, number> =>
    all.length === 0
      ? new Map()
      : new Map(
          returnEdges(graph, definitionOf).flatMap((edge) => {
            const frame = all.find((one) => one.loop === edge.target);
            return frame ? [[edge.id, frame.floor] as const] : [];
          }),
        );

  const store = createStore<FlowElements>(() => derive(document.store.getState(), selection.getState()));
  const refresh = (): void => store.setState(derive(document.store.getState(), selection.getState()), true);
  return {
    store,
    dragTo: (positions) => {
      drag = positions;
      refresh();
    },
    dragged: () => drag,
    endDrag: () => {
      drag = new Map();
      refresh();
    },
    start: () => {
      refresh();
      const leave = [
        document.store.subscribe((next, before) => {
          if (next.graph !== before.graph) refresh();
        }),
        selection.subscribe(refresh),
      ];
      return () => {
        for (const one of leave) one();
      };
    },
  };
}

function sameFrames(before: readonly LoopFrame[], now: readonly LoopFrame[]): readonly LoopFrame[] {
  return JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

const samePoint = (a: Point | undefined, b: Point | undefined): boolean =>
  a === b || (!!a && a.x === b?.x && a.y === b.y);

const drawable =
  (doc: DocumentState) =>
  (edge: GraphEdge): boolean =>
    doc.nodes.has(edge.source) && doc.nodes.has(edge.target);

/** Ports that edges name but cards no longer have; they get an anchor so that the broken edge stays visible. */
function lostPorts(doc: DocumentState, shape: (node: GraphNode) => CardShape): Map<string, string> {
  const lost = new Map<string, string>();
  const note = (id: string, side: 'input' | 'output', port: string): void => {
    const node = doc.nodes.get(id);
    if (!node) return;
    const ports = side === 'input' ? shape(node).inputs : shape(node).outputs;
    if (ports.some((one) => one.port.name === port)) return;
    lost.set(id, `${lost.get(id) ?? ''}${side}\n${port}\n`);
  };
  for (const edge of doc.graph.edges) {
    note(edge.source, 'output', edge.sourcePort);
    note(edge.target, 'input', edge.targetPort);
  }
  return lost;
}

interface Look {
  readonly selected: boolean;
  readonly position: Point | undefined;
  readonly shape: CardShape;
  readonly stubs: string;
}

function nodeOf(source: GraphNode, { selected, position, shape, stubs }: Look): FlowNode {
  const { width, height } = shape;
  return {
    id: source.id,
    type: 'card',
    data: NO_DATA,
    position: position ?? { x: source.x, y: source.y },
    width,
    height,
    // React Flow counts a node as ready only when `measured` is given; see the culling rules.
    measured: { width, height },
    handles: [...shape.inputs.map(handleOf), ...shape.outputs.map(handleOf), ...stubHandles(stubs, shape)],
    selected,
    dragging: position !== undefined,
  };
}

/** React Flow's name of a border. */
export const POSITIONS: Readonly<Record<Border, Position>> = {
  left: Position.Left,
  right: Position.Right,
  top: Position.Top,
  bottom: Position.Bottom,
};

function handleOf(place: PlacedPort): NodeHandle {
  return {
    id: place.port.name,
    type: place.side === 'input' ? 'target' : 'source',
    position: POSITIONS[place.border],
    x: place.x - PORT_SIZE / 2,
    y: place.y - PORT_SIZE / 2,
    width: PORT_SIZE,
    height: PORT_SIZE,
  };
}

function stubHandles(stubs: string, shape: CardShape): NodeHandle[] {
  const parts = stubs.split('\n');
  const handles: NodeHandle[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const side = parts[at] === 'input' ? 'input' : 'output';
    const x = side === 'input' ? 0 : shape.width;
    const port = { name: parts[at + 1] ?? '', type: 'any' as const };
    const border = side === 'input' ? 'left' : 'right';
    handles.push(handleOf({ port, side, x, y: shape.height - 8, labelled: false, border }));
  }
  return handles;
}

function edgeOf(
  source: GraphEdge,
  { selected, floor, isPlug }: { selected: boolean; floor: number | null; isPlug: boolean },
): FlowEdge {
  return {
    id: String(source.id),
    type: 'wire',
    source: source.source,
    sourceHandle: source.sourcePort,
    target: source.target,
    targetHandle: source.targetPort,
    data: { edge: source, floor, isPlug },
    selected,
  };
}
