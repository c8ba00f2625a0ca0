import { type DefinitionOf, portsOf } from '../node/definition.ts';
import { edgeRole, framesOf } from './frame.ts';
import { type Connection, type Graph, type GraphNode, nodeTitle, type Port } from './graph.ts';
import { isPlug } from './plug.ts';
import { flowBetween, isSlotType } from './port-type.ts';

export type RefusalCode =
  | 'unknown_node'
  | 'unknown_port'
  | 'self'
  | 'duplicate'
  | 'plane'
  | 'type'
  | 'slot_taken'
  | 'trigger_input'
  | 'cycle'
  | 'loop_crossed'
  | 'loop_return'
  | 'frames_overlap';

/** Why an edge may not be drawn: a code for programs, a sentence that names the way out for people. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

interface Ends {
  readonly source: GraphNode;
  readonly target: GraphNode;
  readonly from: Port;
  readonly to: Port;
}

const refuse = (code: RefusalCode, message: string): Refusal => ({ code, message });
const portName = (node: GraphNode, port: Port): string =>
  `“${nodeTitle(node)}” (${node.id}) port ${port.name}`;

/**
 * The one answer to "may this edge exist?". Canvas, API, validator and runner all ask it, so the person sees the
 * same sentence everywhere. `graph` may or may not already hold the edge; an equal edge with the id `ignore` (the
 * one being checked or re-drawn) does not count.
 *
 * @returns null when the edge is welcome.
 */
export function refusal(
  graph: Graph,
  connection: Connection,
  definitionOf: DefinitionOf,
  ignore?: number,
): Refusal | null {
  const ends = endsOf(graph, connection, definitionOf);
  if ('code' in ends) return ends;
  return (
    refuseHere(graph, connection, ends, ignore) ??
    refuseCycle({ graph, connection, ends, ignore, definitionOf }) ??
    refuseFrames({ graph, connection, ignore, definitionOf })
  );
}

/** {@link refusal} without the search for circles, for whoever looks at all edges and searches once. */
export function localRefusal(
  graph: Graph,
  connection: Connection,
  definitionOf: DefinitionOf,
  ignore?: number,
): Refusal | null {
  const ends = endsOf(graph, connection, definitionOf);
  return 'code' in ends ? ends : refuseHere(graph, connection, ends, ignore);
}

function refuseHere(graph: Graph, connection: Connection, ends: Ends, ignore?: number): Refusal | null {
  return refuseShape(ends) ?? refuseTypes(ends) ?? refuseOccupied(graph, connection, ends, ignore);
}

function endsOf(graph: Graph, connection: Connection, definitionOf: DefinitionOf): Ends | Refusal {
  const source = graph.nodes.find((node) => node.id === connection.source);
  const target = graph.nodes.find((node) => node.id === connection.target);
  if (!source) return refuse('unknown_node', `There is no node “${connection.source}” to start from.`);
  if (!target) return refuse('unknown_node', `There is no node “${connection.target}” to end at.`);
  const from = portsOf(source, definitionOf).outputs.find((port) => port.name === connection.sourcePort);
  const to = portsOf(target, definitionOf).inputs.find((port) => port.name === connection.targetPort);
  if (!from) {
    return refuse(
      'unknown_port',
      `“${nodeTitle(source)}” (${source.id}) has no output port ${connection.sourcePort}.`,
    );
  }
  if (!to) {
    const why = definitionOf(target.type)?.trigger
      ? ' A trigger only starts a workflow; connect to a later node.'
      : '';
    const code = why ? 'trigger_input' : 'unknown_port';
    return refuse(
      code,
      `“${nodeTitle(target)}” (${target.id}) has no input port ${connection.targetPort}.${why}`,
    );
  }
  return { source, target, from, to };
}

function refuseShape({ source, target }: Ends): Refusal | null {
  if (source.id === target.id) {
    return refuse('self', `“${nodeTitle(source)}” cannot feed itself. Use a loop to repeat work.`);
  }
  return null;
}

function refuseTypes({ source, target, from, to }: Ends): Refusal | null {
  if (flowBetween(from.type, to.type) !== null) return null;
  const ends = `${portName(source, from)} gives ${from.type}, but ${portName(target, to)} takes ${to.type}`;
  if (isSlotType(from.type) !== isSlotType(to.type)) {
    return refuse('plane', `Type mismatch: ${ends}. Slots (diamonds) only take a part of their own kind.`);
  }
  return refuse('type', `Type mismatch: ${ends}. ${wayOut(from, to)}`);
}

function wayOut(from: Port, to: Port): string {
  if (to.type === 'string') return 'Put a Set node in between to turn it into text.';
  if (from.type === 'string') return `Put a Code node in between that parses the text into ${to.type}.`;
  return `Put a Code or Set node in between that returns ${to.type}.`;
}

function refuseOccupied(graph: Graph, c: Connection, { target, to }: Ends, ignore?: number): Refusal | null {
  for (const edge of graph.edges) {
    if (edge.id === ignore || edge.target !== c.target || edge.targetPort !== c.targetPort) continue;
    if (edge.source === c.source && edge.sourcePort === c.sourcePort) {
      return refuse('duplicate', 'These two ports are already connected.');
    }
    if (isSlotType(to.type) && !to.many) {
      return refuse(
        'slot_taken',
        `${portName(target, to)} already has its ${to.type}. Remove that edge first.`,
      );
    }
  }
  return null;
}

interface Proposal {
  readonly graph: Graph;
  readonly connection: Connection;
  readonly ignore: number | undefined;
  readonly definitionOf: DefinitionOf;
}

/** Only an edge into a loop's return port may lead back. What flows and what is plugged in are looked at apart. */
function refuseCycle({
  graph,
  connection,
  ends,
  ignore,
  definitionOf,
}: Proposal & { ends: Ends }): Refusal | null {
  const { source, target, to } = ends;
  if (to.loop === 'return') return null;
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const next = new Map<string, string[]>();
  const isPart = isSlotType(to.type);
  for (const edge of graph.edges) {
    if (isPlug(edge, nodes, definitionOf) !== isPart) continue;
    if (edge.id === ignore || edgeRole(edge, nodes, definitionOf) === 'return') continue;
    const list = next.get(edge.source);
    if (list) list.push(edge.target);
    else next.set(edge.source, [edge.target]);
  }
  const open = [connection.target];
  const seen = new Set(open);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === connection.source) {
      if (isPart)
        return refuse('cycle', `“${nodeTitle(target)}” is already plugged into “${nodeTitle(source)}”.`);
      const path = `“${nodeTitle(target)}” already leads to “${nodeTitle(source)}”`;
      return refuse('cycle', `This would run in a circle: ${path}. Use a loop node to repeat work.`);
    }
    for (const after of next.get(id) ?? []) {
      if (!seen.has(after)) {
        seen.add(after);
        open.push(after);
      }
    }
  }
  return null;
}

/** Would the edge tear a loop's body open? Faults that are there already are not blamed on it. */
function refuseFrames({ graph, connection, ignore, definitionOf }: Proposal): Refusal | null {
  const id = ignore ?? Number.MAX_SAFE_INTEGER;
  const others = graph.edges.filter((edge) => edge.id !== ignore);
  const edges = [...others, { ...connection, id, priority: 0 }];
  const after = framesOf({ nodes: graph.nodes, edges }, definitionOf).problems;
  if (after.length === 0) return null;
  const before = framesOf({ nodes: graph.nodes, edges: others }, definitionOf).problems;
  const known = new Set(before.map((problem) => problem.message));
  const fresh = after.find((problem) => problem.edgeId === id || !known.has(problem.message));
  return fresh ? refuse(fresh.code, fresh.message) : null;
}

/**
 * The first pair of ports, in declaration order, through which `source` may feed `target`; null if none. A text only
 * stands in for a conversation where the source has none to give: pictures would be lost on the way.
 */
export function firstFittingPorts(
  graph: Graph,
  ends: { source: string; target: string; sourcePort?: string | undefined; targetPort?: string | undefined },
  definitionOf: DefinitionOf,
): Connection | null {
  const source = graph.nodes.find((node) => node.id === ends.source);
  const target = graph.nodes.find((node) => node.id === ends.target);
  if (!source || !target) return null;
  let asText: Connection | null = null;
  for (const from of portsOf(source, definitionOf).outputs) {
    if (ends.sourcePort !== undefined && from.name !== ends.sourcePort) continue;
    if (asText !== null && !MESSAGES.test(from.type)) continue;
    for (const to of portsOf(target, definitionOf).inputs) {
      if (ends.targetPort !== undefined && to.name !== ends.targetPort) continue;
      if (asText !== null && to.name !== asText.targetPort) continue;
      const connection = {
        source: ends.source,
        sourcePort: from.name,
        target: ends.target,
        targetPort: to.name,
      };
      if (refusal(graph, connection, definitionOf) !== null) continue;
      if (from.type !== 'string' || !MESSAGES.test(to.type)) return connection;
      asText ??= connection;
    }
  }
  return asText;
}

const MESSAGES = /^messages?$/;
