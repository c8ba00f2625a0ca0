import type { Graph, GraphNode, Port } from '#domain/graph/graph.ts';
import { isSlotType } from '#domain/graph/port-type.ts';
import { type DefinitionOf, portsOf } from '#domain/node/definition.ts';

export const GRID = 8;
export const CARD_WIDTH = 224;
const HEADER_HEIGHT = 64;
const ROW_HEIGHT = 24;
const FOOT = 8;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedPort {
  readonly port: Port;
  readonly side: 'input' | 'output';
  /** Centre of the port relative to the card's corner. */
  readonly x: number;
  readonly y: number;
  /** Whether the card shows the port's label beside it; a lone port explains itself. */
  readonly labelled: boolean;
  /** Slots hang below the card. */
  readonly below: boolean;
}

/** The size of a card and the place of every port on it: a function of type, config and settings alone. */
export interface CardShape {
  readonly width: number;
  readonly height: number;
  readonly inputs: readonly PlacedPort[];
  readonly outputs: readonly PlacedPort[];
}

const shapes = new WeakMap<object, { settings: object; shape: CardShape }>();

/** The shape of a node's card; worked out once per config. */
export function shapeOf(node: GraphNode, definitionOf: DefinitionOf): CardShape {
  const known = shapes.get(node.config);
  if (known && known.settings === node.settings) return known.shape;
  const shape = layOut(node, definitionOf);
  shapes.set(node.config, { settings: node.settings, shape });
  return shape;
}

function layOut(node: GraphNode, definitionOf: DefinitionOf): CardShape {
  const { inputs: all, outputs } = portsOf(node, definitionOf);
  const inputs = all.filter((port) => !isSlotType(port.type));
  const slots = all.filter((port) => isSlotType(port.type));
  const rows = Math.max(inputs.length > 1 ? inputs.length : 0, outputs.length > 1 ? outputs.length : 0);
  const height = HEADER_HEIGHT + (rows > 0 ? rows * ROW_HEIGHT + FOOT : 0);
  const place = (ports: readonly Port[], side: 'input' | 'output', x: number): PlacedPort[] =>
    ports.map((port, row) => {
      const lone = ports.length === 1;
      const y = lone ? HEADER_HEIGHT / 2 : HEADER_HEIGHT + row * ROW_HEIGHT + ROW_HEIGHT / 2;
      return { port, side, x, y, labelled: !lone, below: false };
    });
  const gap = CARD_WIDTH / (slots.length + 1);
  const hanging = slots.map((port, at): PlacedPort => {
    return { port, side: 'input', x: gap * (at + 1), y: height, labelled: true, below: true };
  });
  return {
    width: CARD_WIDTH,
    height,
    inputs: [...place(inputs, 'input', 0), ...hanging],
    outputs: place(outputs, 'output', CARD_WIDTH),
  };
}

export const snap = (value: number): number => Math.round(value / GRID) * GRID;

export function rectOf(node: GraphNode, definitionOf: DefinitionOf): Rect {
  const { width, height } = shapeOf(node, definitionOf);
  return { x: node.x, y: node.y, width, height };
}

/** The smallest rectangle around all nodes; null without nodes. */
export function boundsOf(nodes: readonly GraphNode[], definitionOf: DefinitionOf): Rect | null {
  if (nodes.length === 0) return null;
  const rects = nodes.map((node) => rectOf(node, definitionOf));
  const left = Math.min(...rects.map((one) => one.x));
  const top = Math.min(...rects.map((one) => one.y));
  const right = Math.max(...rects.map((one) => one.x + one.width));
  const bottom = Math.max(...rects.map((one) => one.y + one.height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

const overlaps = (a: Rect, b: Rect, gap: number): boolean =>
  a.x < b.x + b.width + gap &&
  b.x < a.x + a.width + gap &&
  a.y < b.y + b.height + gap &&
  b.y < a.y + a.height + gap;

const CLEARANCE = 24;

/** The wished place, snapped, moved down until the new card touches no other. */
export function freePlace(graph: Graph, wish: Rect, definitionOf: DefinitionOf): Point {
  const taken = graph.nodes.map((node) => rectOf(node, definitionOf));
  let place = { ...wish, x: snap(wish.x), y: snap(wish.y) };
  for (;;) {
    const blocker = taken.find((one) => overlaps(place, one, CLEARANCE));
    if (!blocker) return { x: place.x, y: place.y };
    place = { ...place, y: Math.ceil((blocker.y + blocker.height + CLEARANCE) / GRID) * GRID };
  }
}
