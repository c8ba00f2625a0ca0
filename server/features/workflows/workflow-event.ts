import type { Transaction } from 'kysely';
import { notifyLarge } from '#server/db/notify.ts';
import type { Database } from '#server/db/schema.ts';

export type WorkflowEventType =
  | 'workflow_created'
  | 'workflow_updated'
  | 'workflow_deleted'
  | 'graph_updated'
  | 'node_created'
  | 'node_updated'
  | 'node_deleted'
  | 'edge_created'
  | 'edge_updated'
  | 'edge_deleted';

export interface WorkflowEvent {
  readonly type: WorkflowEventType;
  readonly data: object;
}

export const WORKFLOW_EVENTS = 'pipewright_workflow_events';
export const WORKFLOWS_CHANGED = 'pipewright_workflows';

/** Announces events on `workflow:<slug>` to every process; they leave when the transaction commits, and only then. */
export async function publish(
  trx: Transaction<Database>,
  slug: string,
  events: readonly WorkflowEvent[],
): Promise<void> {
  const at = Date.now() / 1000;
  const texts = events.map(({ type, data }) =>
    JSON.stringify({ type, channel: `workflow:${slug}`, timestamp: at, data }),
  );
  await notifyLarge(trx, WORKFLOW_EVENTS, texts);
}
