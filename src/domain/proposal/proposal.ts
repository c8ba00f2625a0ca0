import { applyCommands, CommandError, type GraphCommand } from '../graph/command.ts';
import type { Graph, GraphEdge, GraphNode } from '../graph/graph.ts';
import { CREDENTIAL_MISSING, type Problem } from '../graph/problem.ts';
import { validateGraph } from '../graph/validate.ts';
import type { DefinitionOf } from '../node/definition.ts';

export type ChangeKind = 'added' | 'changed' | 'removed';

/** A part of a proposed change that a person takes or leaves: a node, or an edge between nodes that both stay. */
export type ProposedChange =
  | { readonly key: string; readonly kind: ChangeKind; readonly node: GraphNode }
  | { readonly key: string; readonly kind: 'added' | 'removed'; readonly edge: GraphEdge };

export const nodeKey = (id: string): string => `node ${id}`;
export const edgeKey = (id: number): string => `edge ${id}`;

/**
 * What a batch of commands proposes, nodes first. Edges of nodes that come or go belong to those and are not listed.
 */
export function changesIn(graph: Graph, commands: readonly GraphCommand[]): ProposedChange[] {
  const after = applyCommands(graph, commands);
  const before = new Map(graph.nodes.map((node) => [node.id, node]));
  const now = new Map(after.nodes.map((node) => [node.id, node]));
  const nodes: ProposedChange[] = [
    ...after.nodes.flatMap((node): ProposedChange[] => {
      const old = before.get(node.id);
      if (!old) return [{ key: nodeKey(node.id), kind: 'added', node }];
      return sameMeaning(old, node) ? [] : [{ key: nodeKey(node.id), kind: 'changed', node }];
    }),
    ...graph.nodes
      .filter((node) => !now.has(node.id))
      .map((node): ProposedChange => ({ key: nodeKey(node.id), kind: 'removed', node })),
  ];
  const stays = ({ source, target }: GraphEdge): boolean =>
    [source, target].every((id) => before.has(id) && now.has(id));
  const had = new Set(graph.edges.map((edge) => edge.id));
  const has = new Set(after.edges.map((edge) => edge.id));
  return [
    ...nodes,
    ...after.edges
      .filter((edge) => !had.has(edge.id) && stays(edge))
      .map((edge): ProposedChange => ({ key: edgeKey(edge.id), kind: 'added', edge })),
    ...graph.edges
      .filter((edge) => !has.has(edge.id) && stays(edge))
      .map((edge): ProposedChange => ({ key: edgeKey(edge.id), kind: 'removed', edge })),
  ];
}

/** Where a card lies is no change worth asking about. */
const sameMeaning = (a: GraphNode, b: GraphNode): boolean =>
  a.label === b.label &&
  JSON.stringify(a.config) === JSON.stringify(b.config) &&
  JSON.stringify(a.settings) === JSON.stringify(b.settings);

/** The commands that are left when some changes are rejected; those take the edges that depend on them along. */
export function acceptedCommands(
  graph: Graph,
  commands: readonly GraphCommand[],
  rejected: ReadonlySet<string>,
): GraphCommand[] {
  const added = new Set(commands.flatMap((one) => (one.kind === 'add_node' ? [one.node.id] : [])));
  const removed = new Set(commands.flatMap((one) => (one.kind === 'remove_node' ? [one.id] : [])));
  const edges = new Map(graph.edges.map((edge) => [edge.id, edge]));
  const turnedDown = (id: string): boolean => rejected.has(nodeKey(id));
  /** A new node that does not come, or an old one that does not go. */
  const stands = (ids: readonly string[], among: ReadonlySet<string>): boolean =>
    ids.some((id) => among.has(id) && turnedDown(id));
  return commands.filter((command) => {
    switch (command.kind) {
      case 'add_node':
        return !turnedDown(command.node.id);
      case 'move_node':
      case 'update_node':
      case 'remove_node':
        return !turnedDown(command.id);
      case 'add_edge': {
        const { id, source, target } = command.edge;
        return !rejected.has(edgeKey(id)) && !stands([source, target], added);
      }
      case 'remove_edge': {
        const edge = edges.get(command.id);
        return !rejected.has(edgeKey(command.id)) && !(edge && stands([edge.source, edge.target], removed));
      }
    }
  });
}

/**
 * Why a change may not be made: it does not fit the graph, or leaves it with errors it did not have. Errors that are
 * there already are not blamed on it, but a graph that begins empty has to be whole.
 */
export function faultsOf(
  graph: Graph,
  commands: readonly GraphCommand[],
  definitionOf: DefinitionOf,
): string[] {
  let after: Graph;
  try {
    after = applyCommands(graph, commands);
  } catch (error) {
    if (error instanceof CommandError) return [error.message];
    throw error;
  }
  const known = new Set(graph.nodes.length === 0 ? [] : errorsIn(graph, definitionOf));
  return [...new Set(errorsIn(after, definitionOf))].filter((message) => !known.has(message));
}

const errorsIn = (graph: Graph, definitionOf: DefinitionOf): string[] =>
  validateGraph(graph, definitionOf)
    .filter(refuses)
    .map(({ message }) => message);

const refuses = ({ level, code }: Problem): boolean => level === 'error' && code !== CREDENTIAL_MISSING;
