import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from 'kysely';
import type { GraphCommand } from '#domain/graph/command.ts';
import type { Graph, GraphNode } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Database } from '#server/db/schema.ts';
import { type Changed, changeStored, type Locked } from './graph-change.ts';
import type { Extras } from './graph-writer.ts';
import { type NodeRow, nodeOf, type StoredGraph } from './row.ts';

/** The smallest commands that lead from a stored node to what it shall be; its id stays. */
export function commandsFor(graph: Graph, row: NodeRow, after: GraphNode): GraphCommand[] {
  const before = nodeOf(row);
  if (after.type !== before.type) return replacement(graph, row.node_id, after);
  const changes = {
    ...(after.label !== before.label && { label: after.label }),
    ...(!isDeepStrictEqual(after.config, before.config) && { config: after.config }),
    ...(!isDeepStrictEqual(after.settings, before.settings) && { settings: after.settings }),
  };
  const moved = after.x !== before.x || after.y !== before.y;
  return [
    ...(Object.keys(changes).length > 0
      ? [{ kind: 'update_node', id: after.id, ...changes } as GraphCommand]
      : []),
    ...(moved ? [{ kind: 'move_node' as const, id: after.id, x: after.x, y: after.y }] : []),
  ];
}

export interface Renaming {
  readonly workflow: Locked;
  readonly stored: StoredGraph;
  readonly row: NodeRow;
  readonly after: GraphNode;
  readonly change: { readonly extras: Extras; readonly actorId: number };
}

/** The node keeps its row and its webhook address; the edges that touch it follow. */
export async function rename(
  trx: Transaction<Database>,
  { workflow, stored, row, after, change }: Renaming,
  definitionOf: DefinitionOf,
): Promise<Changed> {
  const from = row.node_id;
  if (stored.nodes.some((one) => one.node_id === after.id)) {
    throw new AppError('conflict', `Node with id '${after.id}' already exists.`);
  }
  await trx
    .updateTable('nodes')
    .set({ node_id: after.id })
    .where('workflow_id', '=', workflow.id)
    .where('node_id', '=', from)
    .execute();
  await trx
    .deleteFrom('webhooks')
    .where('workflow_id', '=', workflow.id)
    .where('node_id', '=', after.id)
    .execute();
  await trx
    .updateTable('webhooks')
    .set({ node_id: after.id })
    .where('workflow_id', '=', workflow.id)
    .where('node_id', '=', from)
    .execute();
  const nodes = stored.nodes.map((one) => (one === row ? { ...row, node_id: after.id } : one));
  const commands = replacement(stored.graph, from, after);
  const whole = { ...change, commands, renamedFrom: from, stored: { ...stored, nodes } };
  return changeStored(trx, workflow, whole, definitionOf);
}

/** Commands that put `after` in the place of the node `from`, edges included. */
function replacement(graph: Graph, from: string, after: GraphNode): GraphCommand[] {
  const moved = (id: string): string => (id === from ? after.id : id);
  const edges = graph.edges
    .filter((edge) => edge.source === from || edge.target === from)
    .map((edge) => ({ ...edge, source: moved(edge.source), target: moved(edge.target) }));
  return [
    { kind: 'remove_node', id: from },
    { kind: 'add_node', node: after } as GraphCommand,
    ...edges.map((edge) => ({ kind: 'add_edge', edge }) as GraphCommand),
  ];
}
