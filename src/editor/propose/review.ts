import { applyCommands, type GraphCommand } from '#domain/graph/command.ts';
import type { Graph, GraphEdge } from '#domain/graph/graph.ts';
import { acceptedCommands, changesIn } from '#domain/proposal/proposal.ts';
import type { Mark, Marks, Review } from './proposal-store.ts';

/** Both sides of a change in one drawing: what comes, what stays and what goes. */
export function bothSides({ base, commands }: Pick<Review, 'base' | 'commands'>): Graph {
  const after = applyCommands(base, commands);
  const nodes = new Set(after.nodes.map(({ id }) => id));
  const edges = new Set(after.edges.map(({ id }) => id));
  return {
    nodes: [...after.nodes, ...base.nodes.filter(({ id }) => !nodes.has(id))],
    edges: [...after.edges, ...base.edges.filter(({ id }) => !edges.has(id))],
  };
}

/** The marks of a change as far as it is taken. */
export function marksOf(review: Review): Omit<Marks, 'toggle'> {
  const { base, commands, rejected } = review;
  const nodes: Record<string, Mark> = {};
  for (const change of changesIn(base, commands)) {
    if ('node' in change) nodes[change.node.id] = { kind: change.kind, rejected: rejected.has(change.key) };
  }
  const kept = new Set(
    applyCommands(base, acceptedCommands(base, commands, rejected)).edges.map(({ id }) => id),
  );
  const before = new Set(base.edges.map(({ id }) => id));
  const after = new Set(applyCommands(base, commands).edges.map(({ id }) => id));
  const edges: Record<number, Mark> = {};
  for (const { id } of bothSides(review).edges) {
    if (before.has(id) && after.has(id)) continue;
    const kind = after.has(id) ? 'added' : 'removed';
    edges[id] = { kind, rejected: kept.has(id) !== after.has(id) };
  }
  return { nodes, edges };
}

/** The commands of a change with ids of edges that are free in the graph they are made for. */
export function withFreeEdgeIds(commands: readonly GraphCommand[], nextEdgeId: number): GraphCommand[] {
  let next = nextEdgeId;
  const names = new Map<number, number>();
  return commands.map((command): GraphCommand => {
    if (command.kind === 'add_edge') {
      const id = next++;
      names.set(command.edge.id, id);
      return { kind: 'add_edge', edge: { ...command.edge, id } };
    }
    const known = command.kind === 'remove_edge' ? names.get(command.id) : undefined;
    return known === undefined ? command : { kind: 'remove_edge', id: known };
  });
}

/** “start · payload → agent · messages”. */
export const edgeWords = ({ source, sourcePort, target, targetPort }: GraphEdge): string =>
  `${source} · ${sourcePort} → ${target} · ${targetPort}`;
