import type { Graph, GraphNode, Port } from '#domain/graph/graph.ts';
import { isSlotType } from '#domain/graph/port-type.ts';
import { type DefinitionOf, portsOf } from '#domain/node/definition.ts';

export const GRID = 8;
export const CARD_WIDTH = 224;
/** Parts are many and say little. */
export const PART_WIDTH = 184;
const HEADER_HEIGHT = 64;
const ROW_HEIGHT = 24;
const FOOT = 8;
/** What a slot and its name need on the lower border. */
const SLOT_WIDTH = 56;
const SLOT_ROW = 24;
/** Room between a card and what is plugged into it: for the wires, and for the “+” of a free slot. */
export const PART_DROP = 72;

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
  /** Which border of the card it lies on: data runs from left to right, parts hang below what uses them. */
  readonly border: Border;
}

export type Border = 'left' | 'right' | 'top' | 'bottom';

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
  const ports = portsOf(node, definitionOf);
  const [inputs, slots] = parted(ports.inputs);
  const [outputs, plugs] = parted(ports.outputs);
  const isPart = inputs.length + outputs.length === 0 && plugs.length > 0;
  const width = Math.max(
    isPart ? PART_WIDTH : CARD_WIDTH,
    Math.ceil((slots.length * SLOT_WIDTH) / GRID) * GRID,
  );
  const rows = Math.max(inputs.length > 1 ? inputs.length : 0, outputs.length > 1 ? outputs.length : 0);
  const slotRow = slots.length > 0 ? SLOT_ROW : 0;
  const height = HEADER_HEIGHT + (rows > 0 ? rows * ROW_HEIGHT + FOOT : 0) + slotRow;
  const column = (list: readonly Port[], border: 'left' | 'right'): PlacedPort[] =>
    list.map((port, row) => {
      const lone = list.length === 1;
      const y = lone ? HEADER_HEIGHT / 2 : HEADER_HEIGHT + row * ROW_HEIGHT + ROW_HEIGHT / 2;
      const [side, x] = border === 'left' ? (['input', 0] as const) : (['output', width] as const);
      return { port, side, x, y, labelled: !lone, border };
    });
  const line = (list: readonly Port[], border: 'top' | 'bottom'): PlacedPort[] =>
    list.map((port, at) => {
      const x = (width / list.length) * (at + 0.5);
      const [side, y] = border === 'top' ? (['output', 0] as const) : (['input', height] as const);
      return { port, side, x, y, labelled: border === 'bottom', border };
    });
  return {
    width,
    height,
    inputs: [...column(inputs, 'left'), ...line(slots, 'bottom')],
    outputs: [...column(outputs, 'right'), ...line(plugs, 'top')],
  };
}

/** Ports that data flows through, and diamonds. */
function parted(ports: readonly Port[]): [data: Port[], diamonds: Port[]] {
  return [ports.filter((port) => !isSlotType(port.type)), ports.filter((port) => isSlotType(port.type))];
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

/** The wished place of a part, moved right until it touches no other card. */
export function freePlaceAcross(graph: Graph, wish: Rect, definitionOf: DefinitionOf): Point {
  const taken = graph.nodes.map((node) => rectOf(node, definitionOf));
  let place = { ...wish, x: snap(wish.x), y: snap(wish.y) };
  for (;;) {
    const blocker = taken.find((one) => overlaps(place, one, CLEARANCE));
    if (!blocker) return { x: place.x, y: place.y };
    place = { ...place, x: Math.ceil((blocker.x + blocker.width + CLEARANCE) / GRID) * GRID };
  }
}
