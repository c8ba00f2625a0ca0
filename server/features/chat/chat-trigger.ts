import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { isActive, priorityOf, type TriggerFields } from '#server/run-start/trigger-order.ts';

/** The chat trigger that is named, else the first one. @throws AppError `not_found` in the documented words */
export async function chatTrigger(db: Db, workflowId: number, wanted: string | null): Promise<string> {
  const rows = await db
    .selectFrom('nodes')
    .select(['id', 'node_id', 'api_fields'])
    .where('workflow_id', '=', workflowId)
    .where('type', '=', 'trigger_chat')
    .execute();
  const triggers = rows.map((row) => ({ ...row, api_fields: row.api_fields as TriggerFields }));
  const named = wanted
    ? triggers.filter((node) => node.node_id === wanted)
    : triggers.filter(isActive).toSorted((a, b) => priorityOf(b) - priorityOf(a) || a.id - b.id);
  const [first] = named;
  if (!first) throw new AppError('not_found', 'No chat trigger found.');
  return first.node_id;
}
