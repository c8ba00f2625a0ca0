import { type AnyDefinition, type DefinitionOf, portsOf, readConfig } from '../node/definition.ts';
import { toolConfig } from '../node/tool-config.ts';
import { credentialProblems, schemaProblems, templateProblems } from './config-problem.ts';
import { localRefusal } from './connect.ts';
import { framesOf, withoutReturns } from './frame.ts';
import { END_OF_PATH, type Graph, type GraphEdge, type GraphNode, type Port, type PortSet } from './graph.ts';
import { downstreamOf, nodesOnCircle, reachableFrom, upstreamOf } from './order.ts';
import { hostsOf, planesOf, withParts } from './plug.ts';
import { flowBetween, isSlotType } from './port-type.ts';
import { CREDENTIAL_MISSING, named, type Problem } from './problem.ts';

export type { Problem } from './problem.ts';

interface Look {
  readonly graph: Graph;
  readonly definitionOf: DefinitionOf;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly ports: ReadonlyMap<string, PortSet>;
  /** `node id, port name` of every input where an edge ends. */
  readonly connected: ReadonlySet<string>;
  /** The edges data flows along, and those that plug parts into slots. */
  readonly flow: Graph;
  readonly plugs: readonly GraphEdge[];
  /** The flow without the edges that lead back into loops. */
  readonly forward: Graph;
}

/**
 * Everything wrong or doubtful in a graph, nodes first, in drawing order. The same list for the canvas, the API
 * and the start of a run (see {@link problemsOnPath}).
 */
export function validateGraph(graph: Graph, definitionOf: DefinitionOf): Problem[] {
  const { flow, plugs } = planesOf(graph, definitionOf);
  const look: Look = {
    graph,
    flow,
    plugs,
    definitionOf,
    nodes: new Map(graph.nodes.map((node) => [node.id, node])),
    ports: new Map(graph.nodes.map((node) => [node.id, portsOf(node, definitionOf)])),
    forward: withoutReturns(graph, definitionOf),
    connected: new Set(graph.edges.map((edge) => inputKey(edge.target, edge.targetPort))),
  };
  return [
    ...triggerProblems(look),
    ...graph.nodes.flatMap((node) => nodeProblems(look, node)),
    ...graph.edges.flatMap((edge) => edgeProblems(look, edge)),
    ...circleProblems(look),
    ...frameProblems(look),
  ];
}

/** The errors that must refuse a run from this trigger: those on its path, and those of the graph as a whole. */
export function problemsOnPath(
  problems: readonly Problem[],
  graph: Graph,
  triggerId: string,
  definitionOf: DefinitionOf,
): Problem[] {
  const { flow, plugs } = planesOf(graph, definitionOf);
  const path = withParts(reachableFrom(flow, [triggerId]), plugs);
  const ids = new Set(graph.nodes.map((node) => node.id));
  const edges = new Map(graph.edges.map((edge) => [edge.id, edge]));
  const onPath = ({ nodeId, edgeId }: Problem): boolean => {
    const edge = edgeId === undefined ? undefined : edges.get(edgeId);
    // An edge out of nowhere belongs to the path it feeds.
    if (edge) return path.has(edge.source) || (!ids.has(edge.source) && path.has(edge.target));
    return nodeId === undefined || path.has(nodeId);
  };
  return problems.filter(
    (problem) => problem.level === 'error' && problem.code !== CREDENTIAL_MISSING && onPath(problem),
  );
}

const inputKey = (node: string, port: string): string => `${node}\n${port}`;

function triggerProblems({ graph, flow, plugs, definitionOf }: Look): Problem[] {
  const triggers = graph.nodes.filter((node) => definitionOf(node.type)?.trigger);
  if (triggers.length === 0) {
    const message = 'Nothing starts this workflow. Add a trigger and connect it to the first node.';
    return [{ level: 'error', code: 'no_trigger', message }];
  }
  const started = reachableFrom(
    flow,
    triggers.map((node) => node.id),
  );
  const reached = withParts(started, plugs);
  return graph.nodes
    .filter((node) => !reached.has(node.id))
    .map((node) => ({
      level: 'warning',
      code: 'unreachable',
      nodeId: node.id,
      message: `${named(node)} never runs: no trigger leads to it. Connect it or delete it.`,
    }));
}

function nodeProblems(look: Look, node: GraphNode): Problem[] {
  const { nodes, ports } = look;
  const definition = look.definitionOf(node.type);
  if (!definition) {
    const message = `${named(node)} has the unknown type ${node.type}. Remove or replace it.`;
    return [{ level: 'error', code: 'unknown_type', nodeId: node.id, message }];
  }
  const isTool = isOnlyPlugged(look, node.id);
  const known = {
    nodeIds: [...nodes.keys()],
    portsOf: (id: string) => ports.get(id)?.outputs.map((port) => port.name) ?? null,
  };
  return [
    ...schemaProblems(isTool ? { ...node, config: toolConfig(definition, node.config) } : node, definition),
    ...credentialProblems(node, definition),
    ...templateProblems(node, definition, {
      known,
      nodes,
      upstream: () => upstreamFor(look, node.id),
    }),
    ...missingInputs(look, node, isTool),
    ...cautionOf(node, definition),
  ];
}

/** What leads to a node, or to one it is plugged into: a part is used when its host runs. */
function upstreamFor({ forward, plugs }: Look, id: string): ReadonlySet<string> {
  const own = upstreamOf(forward, id);
  const hosts = hostsOf(id, plugs);
  if (hosts.size === 0) return own;
  return new Set([...own, ...[...hosts].flatMap((host) => [...upstreamOf(forward, host)])]);
}

function cautionOf(node: GraphNode, definition: AnyDefinition): Problem[] {
  const caution = definition.caution?.(readConfig(definition, node.config)) ?? null;
  if (caution === null) return [];
  return [{ level: 'warning', code: 'caution', nodeId: node.id, message: `${named(node)} ${caution}` }];
}

/** Such a node never runs as a step: what it works on is given to it when it is called. */
function isOnlyPlugged({ flow, plugs }: Look, id: string): boolean {
  return plugs.some((plug) => plug.source === id) && !flow.edges.some((edge) => edge.target === id);
}

function missingInputs({ ports, connected }: Look, node: GraphNode, isTool: boolean): Problem[] {
  const inputs = ports.get(node.id)?.inputs ?? [];
  return inputs
    .filter((port) => port.required && !connected.has(inputKey(node.id, port.name)))
    .filter((port) => !isTool || isSlotType(port.type))
    .map((port) => ({
      level: 'error',
      code: 'required_input',
      nodeId: node.id,
      message: isSlotType(port.type)
        ? `Node '${node.id}' (${node.type}) requires a ${port.type} connection`
        : `${named(node)} needs its input port ${port.name} (${port.type}), but no edge ends there. Connect one.`,
    }));
}

function edgeProblems(look: Look, edge: GraphEdge): Problem[] {
  const { graph, nodes, definitionOf } = look;
  const source = nodes.get(edge.source);
  const target = nodes.get(edge.target);
  if (source && edge.target === END_OF_PATH) return [];
  const lost = [
    ...(source ? [] : [`Edge references unknown source node '${edge.source}'`]),
    ...(target ? [] : [`Edge references unknown target node '${edge.target}'`]),
  ];
  if (!source || !target) {
    return lost.map((message) => ({ level: 'error', code: 'unknown_node', edgeId: edge.id, message }));
  }
  // What is wrong there is said at the node; its ports are not known.
  if (!definitionOf(source.type) || !definitionOf(target.type)) return [];
  const refused = localRefusal(graph, edge, definitionOf, edge.id);
  if (!refused) return lossProblems(look, edge);
  const message = `Edge ${edge.source} → ${edge.target}: ${refused.message}`;
  return [{ level: 'error', code: refused.code, edgeId: edge.id, message }];
}

function lossProblems({ nodes, ports }: Look, edge: GraphEdge): Problem[] {
  const from = portNamed(ports.get(edge.source)?.outputs, edge.sourcePort);
  const to = portNamed(ports.get(edge.target)?.inputs, edge.targetPort);
  const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)];
  if (!from || !to || !source || !target || flowBetween(from.type, to.type) !== 'lossy') return [];
  const ends = `${named(source)} port ${from.name} gives ${from.type}, ${named(target)} port ${to.name} takes ${to.type}`;
  const message = `Edge ${edge.source} → ${edge.target}: ${ends}. It arrives as JSON text; use a Set node to choose the text.`;
  return [{ level: 'warning', code: 'lossy', edgeId: edge.id, message }];
}

const portNamed = (ports: readonly Port[] | undefined, name: string): Port | undefined =>
  ports?.find((port) => port.name === name);

function circleProblems({ forward: graph, nodes }: Look): Problem[] {
  const problems: Problem[] = [];
  const told = new Set<string>();
  for (const id of nodesOnCircle(graph)) {
    if (told.has(id)) continue;
    const after = downstreamOf(graph, id);
    const circle = [...upstreamOf(graph, id)].filter((other) => after.has(other));
    for (const other of circle) told.add(other);
    // An edge from a node to itself is refused as an edge.
    if (circle.length < 2) continue;
    const names = graph.nodes.filter((node) => circle.includes(node.id)).map(named);
    const message = `These nodes run in a circle: ${names.join(', ')}. Remove one of the edges between them.`;
    problems.push({ level: 'error', code: 'cycle', nodeId: nodes.get(id)?.id ?? id, message });
  }
  return problems;
}

function frameProblems({ graph, definitionOf }: Look): Problem[] {
  return framesOf(graph, definitionOf).problems.map(({ code, nodeId, edgeId, message }) => ({
    level: 'error',
    code,
    nodeId,
    message,
    ...(edgeId !== undefined && { edgeId }),
  }));
}
