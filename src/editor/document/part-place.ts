import type { Graph, GraphNode, Port } from '#domain/graph/graph.ts';
import { isSlotType } from '#domain/graph/port-type.ts';
import { type DefinitionOf, portsOf } from '#domain/node/definition.ts';
import { freePlaceAcross, PART_DROP, type Point, rectOf, shapeOf } from './geometry.ts';
import type { LooseEnd } from './loose-end.ts';

/** The port at a loose end; undefined when its node or port is gone. */
export function portAt(graph: Graph, end: LooseEnd, definitionOf: DefinitionOf): Port | undefined {
  const node = graph.nodes.find((one) => one.id === end.node);
  const ports = node && portsOf(node, definitionOf);
  return (end.side === 'input' ? ports?.inputs : ports?.outputs)?.find((port) => port.name === end.port);
}

/** Whether an edge from here plugs a part in, instead of carrying data. */
export function isDiamond(graph: Graph, end: LooseEnd, definitionOf: DefinitionOf): boolean {
  const port = portAt(graph, end, definitionOf);
  return port !== undefined && isSlotType(port.type);
}

/** Where a new card meets a diamond: a part below its slot, a host above its part; right of what is there already. */
export function placeAtDiamond(
  graph: Graph,
  node: GraphNode,
  end: LooseEnd,
  definitionOf: DefinitionOf,
): Point {
  const there = graph.nodes.find((one) => one.id === end.node);
  if (!there) return { x: node.x, y: node.y };
  const { width, height } = shapeOf(node, definitionOf);
  const rect = rectOf(there, definitionOf);
  const shape = shapeOf(there, definitionOf);
  const place = [...shape.inputs, ...shape.outputs].find(
    (one) => one.side === end.side && one.port.name === end.port,
  );
  const x = rect.x + (place?.x ?? rect.width / 2) - width / 2;
  const y = end.side === 'input' ? rect.y + rect.height + PART_DROP : rect.y - PART_DROP - height;
  return freePlaceAcross(graph, { x, y, width, height }, definitionOf);
}

/** The slots of a node. */
export function slotsOf(graph: Graph, id: string, definitionOf: DefinitionOf): LooseEnd[] {
  const node = graph.nodes.find((one) => one.id === id);
  const slots = node ? portsOf(node, definitionOf).inputs.filter((port) => isSlotType(port.type)) : [];
  return slots.map((port): LooseEnd => ({ node: id, port: port.name, side: 'input' }));
}
