import { z } from 'zod';
import { type Graph, type GraphEdge, type GraphNode, nodeSettings } from './graph.ts';

export const NODE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const nodeId = z.string().regex(NODE_ID, 'A node id has letters, digits, _ and -, at most 64.');
/** Where an edge may lead: to a node, or to the end of the path. */
export const EDGE_TARGET = /^(?:__end__|[A-Za-z0-9][A-Za-z0-9_-]{0,63})$/;
const coordinate = z.number().min(-1e6).max(1e6);
const config = z.record(z.string(), z.json());
const portName = z.string().min(1).max(100);

export const graphNode = z.object({
  id: nodeId,
  type: z.string().min(1).max(64),
  label: z.string().max(200).nullable(),
  x: coordinate,
  y: coordinate,
  config,
  settings: nodeSettings,
});

export const graphEdge = z.object({
  id: z.int().min(1).max(1_000_000_000),
  source: nodeId,
  sourcePort: portName,
  target: z.string().regex(EDGE_TARGET, 'A target is a node id or __end__.'),
  targetPort: portName,
  priority: z.int().min(-1000).max(1000),
});

/**
 * One change to a graph. Undo, autosave, the API's batch and the change log all speak these, and `applyCommands`
 * is their only meaning. New edges carry a negative-free id chosen by the client from `nextEdgeId`; the server
 * keeps it when free.
 */
export const graphCommand = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('add_node'), node: graphNode }),
  z.object({
    kind: z.literal('update_node'),
    id: nodeId,
    label: z.string().max(200).nullable().optional(),
    config: config.optional(),
    settings: nodeSettings.optional(),
  }),
  z.object({ kind: z.literal('move_node'), id: nodeId, x: coordinate, y: coordinate }),
  z.object({ kind: z.literal('remove_node'), id: nodeId }),
  z.object({ kind: z.literal('add_edge'), edge: graphEdge }),
  z.object({ kind: z.literal('remove_edge'), id: z.int() }),
]);
export type GraphCommand = z.output<typeof graphCommand>;

/** Thrown by {@link applyCommands}: the command at `index` does not fit the graph it meets. */
export class CommandError extends Error {
  readonly index: number;
  constructor(index: number, message: string) {
    super(message);
    this.index = index;
  }
}

interface Draft {
  readonly nodes: Map<string, GraphNode>;
  readonly edges: Map<number, GraphEdge>;
}

/**
 * The graph after the commands, in order; the given graph is untouched and unchanged nodes keep their identity.
 * Removing a node removes its edges.
 * @throws CommandError for a missing or doubled id.
 */
export function applyCommands(graph: Graph, commands: readonly GraphCommand[]): Graph {
  const draft: Draft = {
    nodes: new Map(graph.nodes.map((node) => [node.id, node])),
    edges: new Map(graph.edges.map((edge) => [edge.id, edge])),
  };
  for (const [index, command] of commands.entries()) applyOne(draft, command, index);
  return { nodes: [...draft.nodes.values()], edges: [...draft.edges.values()] };
}

function existing(draft: Draft, id: string, index: number): GraphNode {
  const node = draft.nodes.get(id);
  if (!node) throw new CommandError(index, `There is no node “${id}”.`);
  return node;
}

function applyOne(draft: Draft, command: GraphCommand, index: number): void {
  switch (command.kind) {
    case 'add_node':
      if (draft.nodes.has(command.node.id)) {
        throw new CommandError(index, `Node with id '${command.node.id}' already exists.`);
      }
      draft.nodes.set(command.node.id, command.node);
      return;
    case 'update_node': {
      const node = existing(draft, command.id, index);
      draft.nodes.set(command.id, {
        ...node,
        ...(command.label !== undefined && { label: command.label }),
        ...(command.config !== undefined && { config: command.config }),
        ...(command.settings !== undefined && { settings: command.settings }),
      });
      return;
    }
    case 'move_node':
      draft.nodes.set(command.id, { ...existing(draft, command.id, index), x: command.x, y: command.y });
      return;
    case 'remove_node':
      existing(draft, command.id, index);
      draft.nodes.delete(command.id);
      for (const edge of draft.edges.values()) {
        if (edge.source === command.id || edge.target === command.id) draft.edges.delete(edge.id);
      }
      return;
    case 'add_edge':
      if (draft.edges.has(command.edge.id))
        throw new CommandError(index, `Edge ${command.edge.id} already exists.`);
      draft.edges.set(command.edge.id, command.edge);
      return;
    case 'remove_edge':
      if (!draft.edges.delete(command.id)) throw new CommandError(index, `There is no edge ${command.id}.`);
  }
}

/** Commands that undo `command` when it is applied to `graph`; apply them after it, in order. */
export function inverseOf(graph: Graph, command: GraphCommand): GraphCommand[] {
  switch (command.kind) {
    case 'add_node':
      // Edges may have been waiting for this id; removing the node would take them along.
      return [{ kind: 'remove_node', id: command.node.id }, ...addEdges(graph, command.node.id)];
    case 'add_edge':
      return [{ kind: 'remove_edge', id: command.edge.id }];
    case 'remove_edge': {
      const edge = graph.edges.find((one) => one.id === command.id);
      return edge ? [{ kind: 'add_edge', edge }] : [];
    }
    case 'move_node':
    case 'update_node': {
      const node = graph.nodes.find((one) => one.id === command.id);
      return node ? [inverseOfChange(node, command)] : [];
    }
    case 'remove_node': {
      const node = graph.nodes.find((one) => one.id === command.id);
      if (!node) return [];
      return [{ kind: 'add_node', node: node as z.output<typeof graphNode> }, ...addEdges(graph, node.id)];
    }
  }
}

/** Puts back every edge that touches the node. */
function addEdges(graph: Graph, id: string): GraphCommand[] {
  return graph.edges
    .filter((edge) => edge.source === id || edge.target === id)
    .map((edge) => ({ kind: 'add_edge', edge }));
}

function inverseOfChange(
  node: GraphNode,
  command: Extract<GraphCommand, { kind: 'move_node' | 'update_node' }>,
): GraphCommand {
  if (command.kind === 'move_node') return { kind: 'move_node', id: node.id, x: node.x, y: node.y };
  return {
    kind: 'update_node',
    id: node.id,
    ...(command.label !== undefined && { label: node.label }),
    ...(command.config !== undefined && { config: node.config as z.output<typeof config> }),
    ...(command.settings !== undefined && { settings: node.settings }),
  };
}
