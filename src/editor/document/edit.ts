import { applyCommands, type GraphCommand } from '#domain/graph/command.ts';
import { firstFittingPorts, refusal } from '#domain/graph/connect.ts';
import { withoutReturns } from '#domain/graph/frame.ts';
import {
  type Connection,
  DEFAULT_SETTINGS,
  type Graph,
  type GraphEdge,
  type GraphNode,
} from '#domain/graph/graph.ts';
import { downstreamOf } from '#domain/graph/order.ts';
import { hostsOf, planesOf, withParts } from '#domain/graph/plug.ts';
import { type AnyDefinition, type DefinitionOf, portsOf, readConfig } from '#domain/node/definition.ts';
import { CARD_WIDTH, freePlace, GRID, type Point, rectOf, shapeOf, snap } from './geometry.ts';
import { freshLabel, freshNodeId } from './node-id.ts';

export type { LooseEnd } from './loose-end.ts';

import type { LooseEnd } from './loose-end.ts';
import { isDiamond, placeAtDiamond, slotsOf } from './part-place.ts';

type StoredNode = Extract<GraphCommand, { kind: 'add_node' }>['node'];

/** A graph with what is needed to change it. */
export interface Editable {
  readonly graph: Graph;
  readonly nextEdgeId: number;
  readonly definitionOf: DefinitionOf;
}

export const COLUMN_GAP = 80;

/** A node of the type with the defaults of its config, not yet in any graph. */
export function newNode(definition: AnyDefinition, graph: Graph, at: Point): StoredNode {
  const taken = new Set(graph.nodes.map((node) => node.id));
  return {
    id: freshNodeId(definition.type, taken),
    type: definition.type,
    label: freshLabel(definition.title, graph),
    x: snap(at.x),
    y: snap(at.y),
    config: storedDefaults(definition),
    settings: DEFAULT_SETTINGS,
  };
}

/** Defaults as they are stored; a field that has none stays away. */
function storedDefaults(definition: AnyDefinition): StoredNode['config'] {
  const config: Record<string, unknown> = readConfig(definition, { ...definition.starter });
  return Object.fromEntries(
    Object.entries(config).filter(([, value]) => value !== undefined),
  ) as StoredNode['config'];
}

export const edgeOf = (connection: Connection, id: number): GraphEdge => ({
  id,
  source: connection.source,
  sourcePort: connection.sourcePort,
  target: connection.target,
  targetPort: connection.targetPort,
  priority: 0,
});

export function connectionBetween(end: LooseEnd, node: string, port: string): Connection {
  return end.side === 'output'
    ? { source: end.node, sourcePort: end.port, target: node, targetPort: port }
    : { source: node, sourcePort: port, target: end.node, targetPort: end.port };
}

/** How the loose end would meet a node: through its first fitting port; null when none fits. */
export function fittingConnection(
  graph: Graph,
  end: LooseEnd,
  node: string,
  definitionOf: DefinitionOf,
): Connection | null {
  const ends =
    end.side === 'output'
      ? { source: end.node, sourcePort: end.port, target: node }
      : { source: node, target: end.node, targetPort: end.port };
  return firstFittingPorts(graph, ends, definitionOf);
}

/** Why the loose end may not meet this node (or this port of it); null when it may. */
export function refusalOf(
  graph: Graph,
  end: LooseEnd,
  target: { node: string; port?: string | undefined },
  definitionOf: DefinitionOf,
): string | null {
  if (target.port !== undefined) {
    return refusal(graph, connectionBetween(end, target.node, target.port), definitionOf)?.message ?? null;
  }
  if (fittingConnection(graph, end, target.node, definitionOf)) return null;
  const node = graph.nodes.find((one) => one.id === target.node);
  if (!node) return null;
  const ports = portsOf(node, definitionOf);
  const first = (end.side === 'output' ? ports.inputs : ports.outputs)[0];
  const connection = connectionBetween(
    end,
    target.node,
    first?.name ?? (end.side === 'output' ? 'input' : 'output'),
  );
  return refusal(graph, connection, definitionOf)?.message ?? null;
}

export interface Added {
  readonly id: string;
  readonly commands: GraphCommand[];
}

/** Adds a node at a free place near `at`. */
export function addNodeAt(doc: Editable, definition: AnyDefinition, at: Point): Added {
  const node = placed(doc, newNode(definition, doc.graph, at), at);
  return { id: node.id, commands: [{ kind: 'add_node', node }] };
}

function placed(doc: Editable, node: StoredNode, at: Point): StoredNode {
  const { width, height } = shapeOf(node, doc.definitionOf);
  return { ...node, ...freePlace(doc.graph, { ...at, width, height }, doc.definitionOf) };
}

/**
 * Adds a node right of `beside`, connected when exactly one of its outputs fits. A part goes below instead, into the
 * one slot nearby that takes it.
 */
export function addNodeBeside(doc: Editable, definition: AnyDefinition, beside: GraphNode): Added {
  const slot = slotFor(doc, definition, beside);
  if (slot) return addNodeAtEnd(doc, definition, slot, beside);
  const rect = rectOf(beside, doc.definitionOf);
  const added = addNodeAt(doc, definition, { x: rect.x + rect.width + COLUMN_GAP, y: rect.y });
  const graph = applyCommands(doc.graph, added.commands);
  const fitting = portsOf(beside, doc.definitionOf).outputs.flatMap((port) => {
    const end: LooseEnd = { node: beside.id, port: port.name, side: 'output' };
    const connection = fittingConnection(graph, end, added.id, doc.definitionOf);
    return connection ? [connection] : [];
  });
  const [only] = fitting;
  if (fitting.length !== 1 || !only) return added;
  return {
    ...added,
    commands: [...added.commands, { kind: 'add_edge', edge: edgeOf(only, doc.nextEdgeId) }],
  };
}

/** The slot of the node, or of what it is plugged into, that takes a part of the type. */
function slotFor(doc: Editable, definition: AnyDefinition, beside: GraphNode): LooseEnd | null {
  if (!definition.isPart && definition.category !== 'tool') return null;
  for (const host of [beside.id, ...hostsOf(beside.id, planesOf(doc.graph, doc.definitionOf).plugs)]) {
    const slot = slotIn(doc, definition, host);
    if (slot) return slot;
  }
  return null;
}

/** The one slot of a node that takes a part of the type; null when none or several do. */
export function slotIn(doc: Editable, definition: AnyDefinition, host: string): LooseEnd | null {
  const fitting = slotsOf(doc.graph, host, doc.definitionOf).filter((slot) =>
    typeFits(doc, definition, slot),
  );
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

/** Adds a node whose port side lies at `at`, or below the slot it is for, and connects it with the loose end. */
export function addNodeAtEnd(doc: Editable, definition: AnyDefinition, end: LooseEnd, at: Point): Added {
  const added = isDiamond(doc.graph, end, doc.definitionOf)
    ? addAtDiamond(doc, definition, end, at)
    : addNodeAt(doc, definition, { x: end.side === 'output' ? at.x : at.x - CARD_WIDTH, y: at.y - 32 });
  const graph = applyCommands(doc.graph, added.commands);
  const connection = fittingConnection(graph, end, added.id, doc.definitionOf);
  if (!connection) return added;
  return {
    ...added,
    commands: [...added.commands, { kind: 'add_edge', edge: edgeOf(connection, doc.nextEdgeId) }],
  };
}

/** A type that does not fit the diamond is put where the person pointed. */
function addAtDiamond(doc: Editable, definition: AnyDefinition, end: LooseEnd, at: Point): Added {
  if (!typeFits(doc, definition, end)) return addNodeAt(doc, definition, at);
  const node = newNode(definition, doc.graph, at);
  const place = placeAtDiamond(doc.graph, node, end, doc.definitionOf);
  return { id: node.id, commands: [{ kind: 'add_node', node: { ...node, ...place } }] };
}

/** Whether a new node of the type could meet the loose end. */
export function typeFits(doc: Editable, definition: AnyDefinition, end: LooseEnd): boolean {
  const node = newNode(definition, doc.graph, { x: 0, y: 0 });
  const graph: Graph = { nodes: [...doc.graph.nodes, node], edges: doc.graph.edges };
  return fittingConnection(graph, end, node.id, doc.definitionOf) !== null;
}

/**
 * Puts a node into an edge: the edge goes, two new ones come. A side that does not fit stays open; null when
 * neither fits. What lies behind is moved right when the new card needs the room.
 */
export function insertOnEdge(doc: Editable, definition: AnyDefinition, edge: GraphEdge): Added | null {
  const source = doc.graph.nodes.find((node) => node.id === edge.source);
  const target = doc.graph.nodes.find((node) => node.id === edge.target);
  if (!source || !target) return null;
  const moves = roomMoves(doc, source, target);
  const roomy = applyCommands(doc.graph, moves);
  const { width } = shapeOf(source, doc.definitionOf);
  const shift = moves.length > 0 ? NEEDED_GAP - (target.x - source.x - width) : 0;
  const middle = {
    x: (source.x + width + target.x + Math.ceil(shift / GRID) * GRID) / 2 - CARD_WIDTH / 2,
    y: (source.y + target.y) / 2,
  };
  const without = applyCommands(roomy, [{ kind: 'remove_edge', id: edge.id }]);
  const added = addNodeAt({ ...doc, graph: without }, definition, middle);
  let graph = applyCommands(without, added.commands);
  const commands: GraphCommand[] = [...moves, { kind: 'remove_edge', id: edge.id }, ...added.commands];
  let id = doc.nextEdgeId;
  const ends: LooseEnd[] = [
    { node: edge.source, port: edge.sourcePort, side: 'output' },
    { node: edge.target, port: edge.targetPort, side: 'input' },
  ];
  for (const end of ends) {
    const connection = fittingConnection(graph, end, added.id, doc.definitionOf);
    if (!connection) continue;
    const command: GraphCommand = { kind: 'add_edge', edge: edgeOf(connection, id++) };
    graph = applyCommands(graph, [command]);
    commands.push(command);
  }
  return id === doc.nextEdgeId ? null : { id: added.id, commands };
}

const NEEDED_GAP = CARD_WIDTH + 2 * 48;

/** Moves the target and what runs after it, with all parts, to the right when a card does not fit in between. */
function roomMoves({ graph, definitionOf }: Editable, source: GraphNode, target: GraphNode): GraphCommand[] {
  const gap = target.x - source.x - shapeOf(source, definitionOf).width;
  if (gap < 0 || gap >= NEEDED_GAP) return [];
  const by = Math.ceil((NEEDED_GAP - gap) / GRID) * GRID;
  const after = downstreamOf(withoutReturns(graph, definitionOf), target.id).add(target.id);
  const behind = graph.nodes
    .filter((node) => after.has(node.id) && node.x >= target.x)
    .map((node) => node.id);
  const moving = withParts(behind, planesOf(graph, definitionOf).plugs);
  return graph.nodes
    .filter((node) => moving.has(node.id))
    .map((node) => ({ kind: 'move_node', id: node.id, x: node.x + by, y: node.y }));
}

/** Removes nodes and edges; edges of removed nodes go with them. */
export function removal(
  graph: Graph,
  nodes: ReadonlySet<string>,
  edges: ReadonlySet<number>,
): GraphCommand[] {
  const gone = (edge: GraphEdge): boolean => nodes.has(edge.source) || nodes.has(edge.target);
  return [
    ...graph.edges
      .filter((edge) => edges.has(edge.id) && !gone(edge))
      .map((edge): GraphCommand => ({ kind: 'remove_edge', id: edge.id })),
    ...graph.nodes
      .filter((node) => nodes.has(node.id))
      .map((node): GraphCommand => ({ kind: 'remove_node', id: node.id })),
  ];
}

/** “3 nodes”, “1 edge”, “2 nodes and 1 edge”. */
export function countOf(nodes: number, edges: number): string {
  const words = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  if (nodes === 0) return words(edges, 'edge');
  return edges === 0 ? words(nodes, 'node') : `${words(nodes, 'node')} and ${words(edges, 'edge')}`;
}
