import type { Kysely, Transaction } from 'kysely';
import type { z } from 'zod';
import type { Contract } from '#contract/contract.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import { activeTriggers } from '#server/run-start/run-target.ts';
import { auditBy } from '../audit-log.ts';
import { type HandlersOf, signedIn, type Viewer } from '../handler.ts';
import { callableTrigger } from './callable-trigger.ts';
import { effectiveSchema, refuseBadSchema } from './tool-schema.ts';

type Store = Kysely<Database>;

/** A workflow, as far as it can be offered. */
interface OfferedWorkflow {
  readonly id: number;
  readonly environment_id: number;
  readonly slug: string;
  readonly description: string;
  readonly is_active: boolean;
  readonly input_schema: unknown;
}

export interface OfferOptions {
  readonly db: Db;
  /** @throws AppError `not_found` for what the viewer may not see. */
  readonly findWorkflow: (viewer: Viewer, slug: string) => Promise<OfferedWorkflow>;
  /** The same, and nobody else changes it until the transaction ends. */
  readonly lockWorkflow: (
    trx: Transaction<Database>,
    viewer: Viewer,
    slug: string,
  ) => Promise<OfferedWorkflow>;
  readonly definitionOf: DefinitionOf;
}

type JsonObject = Record<string, z.core.util.JSONType>;

const UNIQUE_VIOLATION = '23505';

/** Which workflows are tools of the MCP server, and under which name. */
export function mcpHandlers({
  db,
  definitionOf,
  findWorkflow,
  lockWorkflow,
}: OfferOptions): HandlersOf<Contract['mcp']> {
  const shown = async (store: Store, workflow: OfferedWorkflow) => {
    const row = await offerOf(store, workflow.id);
    const triggers = await activeTriggers({ db, definitionOf }, workflow.id);
    return {
      enabled: row?.enabled ?? false,
      tool_name: row?.tool_name ?? usualName(workflow.slug),
      description: row?.description ?? workflow.description,
      input_schema: (row?.input_schema ?? null) as JsonObject | null,
      effective_schema: effectiveSchema(row?.input_schema, workflow.input_schema) as JsonObject,
      problem: row?.enabled ? problemOf(workflow, callableTrigger(triggers) !== null) : null,
      updated_at: row?.updated_at.toISOString() ?? null,
    };
  };
  return {
    offer: async (context, { workflow_slug }) =>
      shown(db, await findWorkflow(signedIn(context), workflow_slug)),
    setOffer: async (context, { workflow_slug, enabled, tool_name, description, input_schema }) => {
      if (input_schema) refuseBadSchema(input_schema);
      const workflow = await db.transaction().execute(async (trx) => {
        const found = await lockWorkflow(trx, signedIn(context), workflow_slug);
        const row = await offerOf(trx, found.id);
        const schema = input_schema === undefined ? row?.input_schema : input_schema;
        const offer = {
          enabled,
          tool_name: tool_name ?? row?.tool_name ?? usualName(found.slug),
          description: description ?? row?.description ?? found.description.slice(0, 2_000),
          input_schema: schema == null ? null : JSON.stringify(schema),
          updated_at: new Date(),
        };
        await trx
          .insertInto('mcp_tools')
          .values({ workflow_id: found.id, environment_id: found.environment_id, ...offer })
          .onConflict((conflict) => conflict.column('workflow_id').doUpdateSet(offer))
          .execute()
          .catch((error: unknown) => {
            if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
            const message = `Another workflow is offered as “${offer.tool_name}” already. Choose another name.`;
            throw new AppError('conflict', message);
          });
        if (row?.enabled !== enabled) {
          const detail = { enabled, tool_name: offer.tool_name };
          await auditBy(trx, context, { action: 'mcp_offer_changed', target: found.slug, detail });
        }
        return found;
      });
      return shown(db, workflow);
    },
  };
}

const offerOf = (store: Store, workflowId: number) =>
  store.selectFrom('mcp_tools').selectAll().where('workflow_id', '=', workflowId).executeTakeFirst();

/** A name that clients take, from a slug. */
const usualName = (slug: string): string =>
  slug.replaceAll(/[^A-Za-z0-9_-]+/g, '_').slice(0, 64) || 'workflow';

function problemOf({ is_active }: OfferedWorkflow, isCallable: boolean): string | null {
  if (!is_active) return 'The workflow is switched off. Clients see it once it is switched on.';
  if (isCallable) return null;
  return 'The workflow has no trigger that can be called: give it a Workflow, Manual or Chat trigger.';
}
