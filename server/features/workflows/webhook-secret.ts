import { sql } from 'kysely';
import type { Contract } from '#contract/contract.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Sealer } from '#server/sealing/sealer.ts';
import { auditBy } from '../audit-log.ts';
import { type HandlersOf, signedIn } from '../handler.ts';
import { randomSecret, sealWebhook } from '../webhook-seal.ts';
import type { ChangeNotice } from './change-notice.ts';
import type { Store } from './row.ts';
import { findWorkflow, lockWorkflow } from './store.ts';
import { WORKFLOWS_CHANGED } from './workflow-event.ts';

export interface SecretOptions {
  readonly db: Db;
  readonly sealer: Sealer;
  readonly notice: ChangeNotice;
  readonly definitionOf: DefinitionOf;
}

export function webhookSecretHandlers(options: SecretOptions): HandlersOf<Contract['webhooks']> {
  const { db, sealer, notice, definitionOf } = options;
  return {
    secret: async (context, { workflow_slug, node }) => {
      const workflow = await findWorkflow(db, signedIn(context), workflow_slug);
      const row = await findWebhook(db, { workflowId: workflow.id, node, definitionOf });
      return { has_secret: row.sealed !== null, changed_at: row.secret_changed_at?.toISOString() ?? null };
    },
    renewSecret: async (context, { workflow_slug, node, secret }) => {
      const shown = secret ?? randomSecret();
      const { id, changedAt } = await db.transaction().execute(async (trx) => {
        const workflow = await lockWorkflow(trx, signedIn(context), workflow_slug);
        const row = await findWebhook(trx, { workflowId: workflow.id, node, definitionOf });
        const { sealed, keyId } = sealWebhook(sealer, { workflow_id: workflow.id, token: row.token }, shown);
        const { secret_changed_at } = await trx
          .updateTable('webhooks')
          .set({ sealed, key_id: keyId, secret_changed_at: sql<Date>`now()` })
          .where('token', '=', row.token)
          .returning('secret_changed_at')
          .executeTakeFirstOrThrow();
        const target = `${workflow.slug}/${node}`;
        await auditBy(trx, context, { action: 'webhook_secret_changed', target });
        await sql`select pg_notify(${WORKFLOWS_CHANGED}, ${String(workflow.id)})`.execute(trx);
        return { id: workflow.id, changedAt: secret_changed_at ?? new Date() };
      });
      notice.changed(id);
      return { secret: shown, changed_at: changedAt.toISOString() };
    },
  };
}

interface Wanted {
  readonly workflowId: number;
  readonly node: string;
  readonly definitionOf: DefinitionOf;
}

/** @throws AppError `not_found`, or `bad_request` for a node that has no address. */
async function findWebhook(db: Store, { workflowId, node, definitionOf }: Wanted) {
  const row = await db
    .selectFrom('nodes')
    .leftJoin('webhooks', (join) =>
      join
        .onRef('webhooks.workflow_id', '=', 'nodes.workflow_id')
        .onRef('webhooks.node_id', '=', 'nodes.node_id'),
    )
    .select(['nodes.type', 'webhooks.token', 'webhooks.sealed', 'webhooks.secret_changed_at'])
    .where('nodes.workflow_id', '=', workflowId)
    .where('nodes.node_id', '=', node)
    .executeTakeFirst();
  if (!row) throw new AppError('not_found', 'Node not found.');
  const { token } = row;
  if (token === null || definitionOf(row.type)?.trigger !== 'webhook') {
    throw new AppError('bad_request', 'Node is not a trigger_webhook.');
  }
  return { ...row, token };
}

/**
 * Keeps a workflow from being switched on while a trigger of it asks for a secret it does not have: it would look
 * reachable and answer nobody.
 * @throws AppError `conflict`
 */
export async function refuseWithoutSecret(db: Store, workflowId: number): Promise<void> {
  const row = await db
    .selectFrom('nodes')
    .leftJoin('webhooks', (join) =>
      join
        .onRef('webhooks.workflow_id', '=', 'nodes.workflow_id')
        .onRef('webhooks.node_id', '=', 'nodes.node_id'),
    )
    .select(['nodes.node_id'])
    .where('nodes.workflow_id', '=', workflowId)
    .where('nodes.type', '=', 'trigger_webhook')
    .where('webhooks.sealed', 'is', null)
    .where(sql<string>`coalesce(nodes.config ->> 'auth', 'none')`, '!=', 'none')
    .orderBy('nodes.id')
    .executeTakeFirst();
  if (!row) return;
  throw new AppError(
    'conflict',
    `The webhook “${row.node_id}” asks callers for a secret and has none. Make one beside its address, or choose “none”.`,
  );
}
