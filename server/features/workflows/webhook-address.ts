import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Graph } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { refuseBeyondQuota } from '../quota.ts';
import type { Store } from './row.ts';

/**
 * Sees to it that every webhook trigger has an address. Addresses of removed nodes stay behind, unreachable, so
 * that undoing the removal brings the old address back.
 */
export async function keepWebhooks(
  db: Store,
  workflowId: number,
  graph: Graph,
  definitionOf: DefinitionOf,
): Promise<Record<string, string>> {
  const ids = graph.nodes
    .filter((node) => definitionOf(node.type)?.trigger === 'webhook')
    .map((node) => node.id);
  if (ids.length === 0) return {};
  const tokens = ids.map(() => randomBytes(32).toString('base64url'));
  const before = await webhooksOf(db, workflowId, graph, definitionOf);
  if (ids.every((id) => id in before)) return before;
  await refuseTooMany(db, workflowId);
  await sql`
    insert into webhooks (token, workflow_id, node_id)
    select t.token, ${workflowId}, t.node_id from unnest(${tokens}::text[], ${ids}::text[]) as t(token, node_id)
    on conflict (workflow_id, node_id) do nothing
  `.execute(db);
  return webhooksOf(db, workflowId, graph, definitionOf);
}

/** Each webhook trigger's path, by node id. */
export async function webhooksOf(
  db: Store,
  workflowId: number,
  graph: Graph,
  definitionOf: DefinitionOf,
): Promise<Record<string, string>> {
  const rows = await db
    .selectFrom('webhooks')
    .select(['token', 'node_id'])
    .where('workflow_id', '=', workflowId)
    .execute();
  const live = new Set(
    graph.nodes.filter((node) => definitionOf(node.type)?.trigger === 'webhook').map((node) => node.id),
  );
  return Object.fromEntries(
    rows.filter((row) => live.has(row.node_id)).map((row) => [row.node_id, `/webhooks/${row.token}`]),
  );
}

/** Called when the nodes are stored already. */
async function refuseTooMany(db: Store, workflowId: number): Promise<void> {
  const { environment_id: environmentId, owner_id: userId } = await db
    .selectFrom('workflows')
    .select(['environment_id', 'owner_id'])
    .where('id', '=', workflowId)
    .executeTakeFirstOrThrow();
  await refuseBeyondQuota(db, 'webhooks', { environmentId, userId }, 0);
}
