import type { Graph, GraphNode } from '#domain/graph/graph.ts';
import type { CardShape, Point } from '../document/geometry.ts';
import { snap } from '../document/geometry.ts';

interface ElkPort {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly layoutOptions: Readonly<Record<string, string>>;
}

export interface ElkInput {
  readonly id: string;
  readonly layoutOptions: Readonly<Record<string, string>>;
  readonly children: readonly {
    id: string;
    width: number;
    height: number;
    ports: ElkPort[];
    layoutOptions: Record<string, string>;
  }[];
  readonly edges: readonly { id: string; sources: string[]; targets: string[] }[];
}

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.layered.spacing.nodeNodeBetweenLayers': '80',
  'elk.spacing.nodeNode': '40',
  'elk.spacing.componentComponent': '80',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
};

const portId = (node: string, side: string, name: string): string => JSON.stringify([node, side, name]);

/** The part of a graph that is to be laid out, in ELK's words; ports keep their places on the cards. */
export function elkInput(
  graph: Graph,
  ids: ReadonlySet<string>,
  shapeOf: (node: GraphNode) => CardShape,
): ElkInput {
  const nodes = graph.nodes.filter((node) => ids.has(node.id));
  const known = new Set<string>();
  const children = nodes.map((node) => {
    const shape = shapeOf(node);
    const ports = [...shape.inputs, ...shape.outputs].map((place): ElkPort => {
      const id = portId(node.id, place.side, place.port.name);
      known.add(id);
      return {
        id,
        x: place.x,
        y: place.y,
        width: 0,
        height: 0,
        layoutOptions: { 'elk.port.side': place.below ? 'SOUTH' : place.side === 'input' ? 'WEST' : 'EAST' },
      };
    });
    return {
      id: node.id,
      width: shape.width,
      height: shape.height,
      ports,
      layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
    };
  });
  const edges = graph.edges
    .map((edge) => ({
      id: String(edge.id),
      sources: [portId(edge.source, 'output', edge.sourcePort)],
      targets: [portId(edge.target, 'input', edge.targetPort)],
    }))
    .filter((edge) => known.has(edge.sources[0] ?? '') && known.has(edge.targets[0] ?? ''));
  return { id: 'root', layoutOptions: OPTIONS, children, edges };
}

/** New places, snapped, with the top left corner of the laid out part where it was. */
export function placesFrom(
  laidOut: readonly { id: string; x?: number; y?: number }[],
  before: readonly GraphNode[],
): Map<string, Point> {
  const nodes = before.filter((node) => laidOut.some((one) => one.id === node.id));
  const left = Math.min(...nodes.map((node) => node.x));
  const top = Math.min(...nodes.map((node) => node.y));
  const minX = Math.min(...laidOut.map((one) => one.x ?? 0));
  const minY = Math.min(...laidOut.map((one) => one.y ?? 0));
  return new Map(
    laidOut.map((one) => [
      one.id,
      { x: snap(left + (one.x ?? 0) - minX), y: snap(top + (one.y ?? 0) - minY) },
    ]),
  );
}
