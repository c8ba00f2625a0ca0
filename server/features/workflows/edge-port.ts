import { firstFittingPorts, refusal } from '#domain/graph/connect.ts';
import type { Graph, GraphNode, PortSet } from '#domain/graph/graph.ts';
import { isSlotType, type SlotType } from '#domain/graph/port-type.ts';
import { type DefinitionOf, portsOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import { mayBranch } from './edge-face.ts';

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

/** Labels of edges that plug a part into a node: the slot they mean, and its name in messages. */
const SLOTS: Readonly<Record<string, readonly [SlotType, string]>> = {
  llm: ['model', 'model'],
  tool: ['tool', 'tools'],
  memory: ['tool', 'tools'],
  output_parser: ['parser', 'output_parser'],
  skill: ['skill', 'skills'],
};

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
  const looseEnds = (outputs: PortSet | null, inputs: PortSet | null): Ports => ({
    sourcePort: from ?? outputs?.outputs[0]?.name ?? 'output',
    targetPort: wish.target_port ?? inputs?.inputs[0]?.name ?? 'input',
  });
  if (wish.edge_label.startsWith('loop_')) {
    const loopEnds = {
      sourcePort: from ?? loopPort(source, 'body', wish, definitionOf),
      targetPort: wish.target_port ?? loopPort(target, 'return', wish, definitionOf),
    };
    if (source && target) {
      const ends = { source: source.id, target: target.id, ...loopEnds };
      const fitting = firstFittingPorts(graph, ends, definitionOf);
      if (fitting) return fitting;
    }
    const loose = looseEnds(
      source ? portsOf(source, definitionOf) : null,
      target ? portsOf(target, definitionOf) : null,
    );
    // A body may be drawn from its end; validation tells what is missing still.
    return {
      sourcePort: loopEnds.sourcePort ?? loose.sourcePort,
      targetPort: loopEnds.targetPort ?? loose.targetPort,
    };
  }
  if (!source || !target) {
    return looseEnds(
      source ? portsOf(source, definitionOf) : null,
      target ? portsOf(target, definitionOf) : null,
    );
  }
  refuseSlot(wish, target, definitionOf);
  const sourcePort = from ?? preferredPort(graph, { wish, source }, definitionOf);
  const ends = { source: source.id, target: target.id, sourcePort, targetPort: wish.target_port };
  const fitting = firstFittingPorts(graph, ends, definitionOf);
  if (fitting) return fitting;
  const tried = looseEnds(portsOf(source, definitionOf), portsOf(target, definitionOf));
  const why = refusal(graph, { source: source.id, target: target.id, ...tried }, definitionOf);
  // A branch that is not configured yet may be drawn already; validation speaks of it.
  if (!why || (why.code === 'unknown_port' && wish.edge_type === 'conditional')) return tried;
  throw mismatch(why.message);
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

function refuseSlot(wish: EdgeWish, target: GraphNode, definitionOf: DefinitionOf): void {
  const slot = SLOTS[wish.edge_label];
  if (!slot) return;
  const [type, handle] = slot;
  const inputs = portsOf(target, definitionOf).inputs;
  if (inputs.some((port) => isSlotType(port.type) && port.type === type)) return;
  throw mismatch(`Node type '${target.type}' does not accept '${handle}' connections`);
}

/** A direct edge leaves by a port that is always taken, as long as one fits. */
function preferredPort(
  graph: Graph,
  { wish, source }: { wish: EdgeWish; source: GraphNode },
  definitionOf: DefinitionOf,
): string | undefined {
  const always = portsOf(source, definitionOf).outputs.filter((port) => port.route !== true);
  return always.find((port) => {
    const ends = { source: source.id, target: wish.target_node_id, sourcePort: port.name };
    return firstFittingPorts(graph, { ...ends, targetPort: wish.target_port }, definitionOf) !== null;
  })?.name;
}
