import type { Transaction } from 'kysely';
import type { z } from 'zod';
import type { graphOut } from '#contract/workflow.ts';
import type { GraphCommand } from '#domain/graph/command.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import type { Viewer } from '../handler.ts';
import type { ChangeNotice } from './change-notice.ts';
import { changeStored } from './graph-change.ts';
import { loadGraph } from './row.ts';
import { findWorkflow, lockWorkflow, type WorkflowRow } from './store.ts';
import { webhooksOf } from './webhook-address.ts';

export interface GraphOptions {
  readonly db: Db;
  readonly notice: ChangeNotice;
  readonly definitionOf: DefinitionOf;
}

/** The graph with its revision, both of the same moment. */
export function readGraph({ db, definitionOf }: GraphOptions, viewer: Viewer, slug: string) {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const workflow = await findWorkflow(trx, viewer, slug);
      const { graph } = await loadGraph(trx, workflow.id);
      const webhooks = await webhooksOf(trx, workflow.id, graph, definitionOf);
      const { revision, next_edge_id } = workflow;
      return { revision, next_edge_id, ...graph, webhooks } as z.input<typeof graphOut>;
    });
}

export interface GraphChangeInput {
  readonly workflow_slug: string;
  readonly base_revision: number;
  readonly commands: readonly GraphCommand[];
}

/**
 * Applies a batch of commands to the revision they were made for.
 * @throws AppError `conflict` with the commands missed since `base_revision` when others were quicker.
 */
export async function changeGraph(options: GraphOptions, viewer: Viewer, input: GraphChangeInput) {
  const { db, notice, definitionOf } = options;
  const { id, changed } = await db.transaction().execute(async (trx) => {
    const workflow = await lockWorkflow(trx, viewer, input.workflow_slug);
    if (workflow.revision !== input.base_revision) throw await conflict(trx, workflow, input.base_revision);
    const change = { commands: input.commands, actorId: viewer.userId };
    return { id: workflow.id, changed: await changeStored(trx, workflow, change, definitionOf) };
  });
  notice.changed(id);
  return { revision: changed.revision, next_edge_id: changed.nextEdgeId, webhooks: changed.webhooks };
}

async function conflict(trx: Transaction<Database>, workflow: WorkflowRow, base: number): Promise<AppError> {
  const rows = await trx
    .selectFrom('graph_changes')
    .select('commands')
    .where('workflow_id', '=', workflow.id)
    .where('revision', '>', base)
    .orderBy('revision')
    .execute();
  return new AppError('conflict', 'The workflow was changed elsewhere in the meantime.', {
    extra: { missing: rows.flatMap((row) => row.commands as GraphCommand[]), revision: workflow.revision },
  });
}
