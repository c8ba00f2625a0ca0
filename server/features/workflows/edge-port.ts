import { firstFittingPorts, refusal } from '#domain/graph/connect.ts';
import type { Graph, GraphNode } from '#domain/graph/graph.ts';
import { isSlotType } from '#domain/graph/port-type.ts';
import { type DefinitionOf, portsOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import { mayBranch } from './edge-face.ts';
import { isOnlyPlugged, looseSlot, slotPorts } from './edge-slot.ts';

/** An edge as a core API client wishes for it. */
export interface EdgeWish {
  readonly source_node_id: string;
  readonly target_node_id: string;
  readonly edge_type: 'direct' | 'conditional';
  readonly edge_label: string;
  readonly condition_value: string;
  readonly source_port?: string | undefined;
  readonly target_port?: string | undefined;
}

interface Ports {
  readonly sourcePort: string;
  readonly targetPort: string;
}

/**
 * The ports an edge ends at: those asked for, else the first that fit. Where a node is not there (yet) nothing can
 * be checked and the edge is stored as it is.
 * @throws AppError `invalid` in the documented words.
 */
export function choosePorts(graph: Graph, wish: EdgeWish, definitionOf: DefinitionOf): Ports {
  const source = graph.nodes.find((node) => node.id === wish.source_node_id);
  const target = graph.nodes.find((node) => node.id === wish.target_node_id);
  const from = wish.edge_type === 'conditional' ? routePort(wish, source?.type ?? null) : wish.source_port;
  if (wish.target_node_id === '') {
    const loc = ['body', 'target_node_id'];
    throw new AppError('invalid', [{ type: 'missing', loc, msg: 'Field required' }]);
  }
  const ends: Ends = { source, target, from };
  if (wish.edge_label.startsWith('loop_')) return loopEdge(graph, wish, ends, definitionOf);
  if (!source || !target) return looseEnds(wish, ends, definitionOf);
  const asked = { source, target, label: wish.edge_label, sourcePort: from, targetPort: wish.target_port };
  const plugged = slotPorts(graph, asked, definitionOf);
  if (plugged) return plugged;
  const fitting = firstFittingPorts(
    graph,
    {
      source: source.id,
      target: target.id,
      sourcePort: from ?? preferredPort(graph, { wish, source }, definitionOf),
      targetPort: wish.target_port,
    },
    definitionOf,
  );
  if (fitting && isMeant(wish, { source, target, from }, fitting.targetPort, definitionOf)) return fitting;
  const tried = looseEnds(wish, ends, definitionOf);
  const why = refusal(graph, { source: source.id, target: target.id, ...tried }, definitionOf);
  // A branch that is not configured yet may be drawn already; validation speaks of it.
  if (!why || (why.code === 'unknown_port' && wish.edge_type === 'conditional')) return tried;
  throw mismatch(why.message);
}

interface Ends {
  readonly source: GraphNode | undefined;
  readonly target: GraphNode | undefined;
  readonly from: string | undefined;
}

/** Where an edge ends that cannot be checked: as asked for, else at the first ports there are. */
function looseEnds(wish: EdgeWish, { source, target, from }: Ends, definitionOf: DefinitionOf): Ports {
  const slot = looseSlot(wish.edge_label);
  const first = (node: GraphNode | undefined, side: 'inputs' | 'outputs'): string | undefined =>
    node && portsOf(node, definitionOf)[side][0]?.name;
  return {
    sourcePort: from ?? slot?.sourcePort ?? first(source, 'outputs') ?? 'output',
    targetPort: wish.target_port ?? slot?.targetPort ?? first(target, 'inputs') ?? 'input',
  };
}

function loopEdge(graph: Graph, wish: EdgeWish, ends: Ends, definitionOf: DefinitionOf): Ports {
  const { source, target, from } = ends;
  const sourcePort = from ?? loopPort(source, 'body', wish, definitionOf);
  const targetPort = wish.target_port ?? loopPort(target, 'return', wish, definitionOf);
  if (source && target) {
    const asked = { source: source.id, target: target.id, sourcePort, targetPort };
    const fitting = firstFittingPorts(graph, asked, definitionOf);
    if (fitting) return fitting;
  }
  const loose = looseEnds(wish, ends, definitionOf);
  // A body may be drawn from its end; validation tells what is missing still.
  return { sourcePort: sourcePort ?? loose.sourcePort, targetPort: targetPort ?? loose.targetPort };
}

/** Nodes that carry data as well are plugged in only where the request says so. */
function isMeant(
  wish: EdgeWish,
  { source, target, from }: { source: GraphNode; target: GraphNode; from: string | undefined },
  port: string,
  definitionOf: DefinitionOf,
): boolean {
  if (from !== undefined || wish.target_port !== undefined || isOnlyPlugged(source, definitionOf))
    return true;
  const into = portsOf(target, definitionOf).inputs.find(({ name }) => name === port);
  return into === undefined || !isSlotType(into.type);
}

/** The port of a loop that an edge labelled as its body's beginning or end means. */
function loopPort(
  node: GraphNode | undefined,
  role: 'body' | 'return',
  wish: EdgeWish,
  definitionOf: DefinitionOf,
): string | undefined {
  if (!node || wish.edge_label !== `loop_${role}`) return undefined;
  const { inputs, outputs } = portsOf(node, definitionOf);
  return [...inputs, ...outputs].find((port) => port.loop === role)?.name;
}

const mismatch = (message: string): AppError => new AppError('invalid', { validation_errors: [message] });

/** @param type the source's node type; null when there is no such node */
function routePort(wish: EdgeWish, type: string | null): string {
  const value = wish.condition_value === '' ? (wish.source_port ?? '') : wish.condition_value;
  if (value === '') throw new AppError('invalid', 'Conditional edges require a non-empty condition_value');
  if (wish.target_node_id === '') {
    throw new AppError('invalid', 'Conditional edges require a non-empty target_node_id');
  }
  if (type === null || !mayBranch(type, value))
    throw new AppError('invalid', "Conditional edges can only originate from 'switch' nodes");
  return value;
}

/** A direct edge leaves by a port that is always taken, as long as one fits. */
function preferredPort(
  graph: Graph,
  { wish, source }: { wish: EdgeWish; source: GraphNode },
  definitionOf: DefinitionOf,
): string | undefined {
  const always = portsOf(source, definitionOf).outputs.filter((port) => port.route !== true);
  const ends = { source: source.id, target: wish.target_node_id, targetPort: wish.target_port };
  const first = firstFittingPorts(graph, ends, definitionOf);
  if (always.some(({ name }) => name === first?.sourcePort)) return first?.sourcePort;
  return always.find(
    ({ name }) => firstFittingPorts(graph, { ...ends, sourcePort: name }, definitionOf) !== null,
  )?.name;
}
