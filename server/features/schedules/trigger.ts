import type { DefinitionOf } from '#domain/node/definition.ts';
import type { Store } from './row.ts';

export interface TriggerNode {
  readonly id: number;
  readonly node_id: string;
  readonly isActive: boolean;
}

interface Candidate extends TriggerNode {
  readonly type: string;
  readonly priority: number;
}

/** The trigger nodes of a workflow, in order of creation. */
async function triggersOf(
  db: Store,
  workflowId: number,
  definitionOf: DefinitionOf,
): Promise<readonly Candidate[]> {
  const rows = await db
    .selectFrom('nodes')
    .select(['id', 'node_id', 'type', 'api_fields'])
    .where('workflow_id', '=', workflowId)
    .where('type', 'like', 'trigger\\_%')
    .orderBy('id')
    .execute();
  return rows
    .filter((row) => definitionOf(row.type)?.trigger)
    .map((row) => {
      const { config } = row.api_fields as { config?: { is_active?: boolean; priority?: number } };
      const { id, node_id, type } = row;
      return { id, node_id, type, isActive: config?.is_active !== false, priority: config?.priority ?? 0 };
    });
}

/**
 * The node a schedule starts runs at: the one it names, else the workflow's first schedule trigger that is switched
 * on; a text says why there is none.
 */
export async function findTrigger(
  db: Store,
  place: { readonly workflowId: number; readonly triggerNodeId: number | null },
  definitionOf: DefinitionOf,
): Promise<TriggerNode | string> {
  const nodes = await triggersOf(db, place.workflowId, definitionOf);
  if (place.triggerNodeId !== null) {
    const named = nodes.find((node) => node.id === place.triggerNodeId);
    return (
      named ?? 'The node this schedule starts is no trigger any more. Choose another, or make a new schedule.'
    );
  }
  const own = nodes.filter((node) => definitionOf(node.type)?.trigger === 'schedule');
  const [first] = own.filter((node) => node.isActive).sort((a, b) => b.priority - a.priority);
  if (first) return first;
  return own.length > 0
    ? 'Every schedule trigger of this workflow is switched off. Switch one on.'
    : 'This workflow has no schedule trigger. Add one, or let the schedule name another trigger node.';
}
