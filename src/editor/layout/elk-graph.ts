import { withoutReturns } from '#domain/graph/frame.ts';
import type { Graph, GraphNode } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { loopBodies } from '../canvas/graph-facts.ts';
import type { CardShape, PlacedPort, Point } from '../document/geometry.ts';
import { snap } from '../document/geometry.ts';
import { BELOW, PADDING } from '../document/loop-geometry.ts';
import { type PartBlock, partBlocks } from './part-tree.ts';

interface ElkPort {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly layoutOptions: Readonly<Record<string, string>>;
}

interface ElkCard {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly ports: readonly ElkPort[];
  readonly layoutOptions: Readonly<Record<string, string>>;
}

/** What a loop repeats, or a loop with all of that, as one box, so that nothing else is put among it. */
interface ElkBody {
  readonly id: string;
  readonly children: (ElkCard | ElkBody)[];
  readonly layoutOptions: Readonly<Record<string, string>>;
}

export interface ElkInput {
  readonly id: string;
  readonly layoutOptions: Readonly<Record<string, string>>;
  readonly children: readonly (ElkCard | ElkBody)[];
  readonly edges: readonly { id: string; sources: string[]; targets: string[] }[];
}

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.layered.spacing.nodeNodeBetweenLayers': '80',
  'elk.spacing.nodeNode': '40',
  'elk.spacing.componentComponent': '80',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
};
/** ELK breaks on this together with boxes. */
const FLAT_OPTIONS = { ...OPTIONS, 'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES' };
const BOXED_OPTIONS = { ...OPTIONS, 'elk.hierarchyHandling': 'INCLUDE_CHILDREN' };

const padding = (top: number, side: number, bottom: number) => ({
  ...BOXED_OPTIONS,
  'elk.padding': `[top=${top},left=${side},bottom=${bottom},right=${side}]`,
});
/** Room for the border around a body. */
const BODY_OPTIONS = padding(PADDING, PADDING, PADDING);
/** Around a loop and its body: the way back runs below both, and up at the loop's left. */
const LOOP_OPTIONS = padding(0, PADDING, BELOW);

/** Diamonds are no concern of ELK's: what is plugged in moves with its host. */
const isData = ({ border }: PlacedPort): boolean => border === 'left' || border === 'right';

const portId = (node: string, side: string, name: string): string => JSON.stringify([node, side, name]);

/** The part of a graph that is to be laid out, in ELK's words: every card as one block with what is plugged into it. */
export function elkInput(
  graph: Graph,
  ids: ReadonlySet<string>,
  shapeOf: (node: GraphNode) => CardShape,
  definitionOf: DefinitionOf,
): ElkInput {
  const { inside, blockOf } = partBlocks(graph, ids, shapeOf, definitionOf);
  const nodes = graph.nodes.filter((node) => ids.has(node.id) && !inside.has(node.id));
  const known = new Set<string>();
  const cards = nodes.map((node): ElkCard => {
    const shape = shapeOf(node);
    const { width, height } = blockOf(node);
    const ports = [...shape.inputs, ...shape.outputs].filter(isData).map((place): ElkPort => {
      const id = portId(node.id, place.side, place.port.name);
      known.add(id);
      return {
        id,
        x: place.border === 'left' ? 0 : width,
        y: place.y,
        width: 0,
        height: 0,
        layoutOptions: { 'elk.port.side': place.border === 'left' ? 'WEST' : 'EAST' },
      };
    });
    return { id: node.id, width, height, ports, layoutOptions: { 'elk.portConstraints': 'FIXED_POS' } };
  });
  // Edges that lead back say nothing about what comes before what.
  const edges = withoutReturns(graph, definitionOf)
    .edges.map((edge) => ({
      id: String(edge.id),
      sources: [portId(edge.source, 'output', edge.sourcePort)],
      targets: [portId(edge.target, 'input', edge.targetPort)],
    }))
    .filter((edge) => known.has(edge.sources[0] ?? '') && known.has(edge.targets[0] ?? ''));
  const children = inBodies(cards, loopBodies(graph, definitionOf));
  const boxed = children.some((one) => 'children' in one);
  return { id: 'root', layoutOptions: boxed ? BOXED_OPTIONS : FLAT_OPTIONS, children, edges };
}

/** Every card inside the box of the innermost loop that repeats it, and every loop in one box with its body. */
function inBodies(
  cards: readonly ElkCard[],
  bodies: ReadonlyMap<string, readonly string[]>,
): (ElkCard | ElkBody)[] {
  const top: (ElkCard | ElkBody)[] = [];
  const boxes = new Map<string, { whole: ElkBody; body: ElkBody }>();
  const around = (id: string): string | undefined =>
    [...bodies]
      .filter(([loop, body]) => loop !== id && body.includes(id))
      .sort(([, a], [, b]) => a.length - b.length)[0]?.[0];
  const listOf = (loop: string | undefined): (ElkCard | ElkBody)[] =>
    loop === undefined ? top : boxOf(loop).body.children;
  const boxOf = (loop: string): { whole: ElkBody; body: ElkBody } => {
    let box = boxes.get(loop);
    if (!box) {
      const body: ElkBody = { id: `body of ${loop}`, children: [], layoutOptions: BODY_OPTIONS };
      box = { body, whole: { id: `loop ${loop}`, children: [body], layoutOptions: LOOP_OPTIONS } };
      boxes.set(loop, box);
      listOf(around(loop)).push(box.whole);
    }
    return box;
  };
  for (const card of cards) {
    const list = bodies.has(card.id) ? boxOf(card.id).whole.children : listOf(around(card.id));
    list.push(card);
  }
  return top;
}

export interface LaidOut {
  readonly id: string;
  readonly x?: number;
  readonly y?: number;
  readonly children?: readonly LaidOut[];
}

/** Blocks only, with their places on the canvas instead of in their box. */
const flat = (all: readonly LaidOut[], at: Point): LaidOut[] =>
  all.flatMap(({ id, x = 0, y = 0, children }) => {
    const place = { x: at.x + x, y: at.y + y };
    return children?.length ? flat(children, place) : [{ id, ...place }];
  });

/** New places, snapped, with the top left corner of the laid out part where it was. */
export function placesFrom(
  answer: readonly LaidOut[],
  before: readonly GraphNode[],
  blockOf: (node: GraphNode) => Pick<PartBlock, 'places'>,
): Map<string, Point> {
  const known = new Map(before.map((node) => [node.id, node]));
  const laidOut = flat(answer, { x: 0, y: 0 }).flatMap(({ id, x = 0, y = 0 }): LaidOut[] => {
    const node = known.get(id);
    if (!node) return [];
    return [...blockOf(node).places].map(([part, at]) => ({ id: part, x: x + at.x, y: y + at.y }));
  });
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
