import { sql, type Transaction } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { deleteRuns } from '#server/db/delete-run.ts';
import type { Database } from '#server/db/schema.ts';
import type { Engine } from '#server/engine/engine.ts';
import { auditBy } from '../audit-log.ts';
import { type RequestContext, signedIn } from '../handler.ts';
import type { ChangeNotice } from './change-notice.ts';
import type { Store } from './row.ts';
import { findWorkflow, lockWorkflow } from './store.ts';
import { publish, WORKFLOWS_CHANGED } from './workflow-event.ts';

export interface RemovalOptions {
  readonly db: Db;
  readonly engine: Engine;
  readonly notice: ChangeNotice;
}

const PAGE = 200;
const MAX_ROUNDS = 20;

/**
 * Removes a workflow with everything that hangs on it. It is switched off first, so that nothing starts it any more,
 * and its live runs (and with them their children) are stopped before they are removed.
 * @throws AppError `not_found`, and `unavailable` when a run of it cannot be stopped.
 */
export async function removeWorkflow(
  { db, engine, notice }: RemovalOptions,
  context: RequestContext,
  slug: string,
): Promise<void> {
  const viewer = signedIn(context);
  const { id } = await findWorkflow(db, viewer, slug);
  await db
    .updateTable('workflows')
    .set({ is_active: false, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute();
  await sql`select pg_notify(${WORKFLOWS_CHANGED}, ${String(id)})`.execute(db);
  notice.changed(id);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const live = await liveRuns(db, id);
    await Promise.all(live.map((run) => engine.cancel(run)));
    if (live.length === PAGE) continue;
    for (let page = await endedRuns(db, id); page.length > 0; page = await endedRuns(db, id)) {
      await deleteRuns(db, page);
    }
    if (await removeEmpty(db, context, { id, slug })) {
      notice.changed(id);
      return;
    }
  }
  throw new AppError('unavailable', 'Runs of this workflow could not be stopped yet. Try again shortly.', {
    retryAfterSeconds: 5,
  });
}

/** @returns false when a run that was on its way has come in meanwhile */
function removeEmpty(
  db: Db,
  context: RequestContext,
  { id, slug }: { id: number; slug: string },
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const locked = await lockWorkflow(trx, signedIn(context), slug);
    if (locked.id !== id) throw new AppError('not_found', 'Workflow not found.');
    const left = await trx
      .selectFrom('executions')
      .select('id')
      .where('workflow_id', '=', id)
      .limit(1)
      .executeTakeFirst();
    if (left) return false;
    await unlink(trx, locked);
    await trx.deleteFrom('workflows').where('id', '=', id).execute();
    await auditBy(trx, context, { action: 'workflow_deleted', target: slug });
    await publish(trx, slug, [{ type: 'workflow_deleted', data: { slug } }]);
    await sql`select pg_notify(${WORKFLOWS_CHANGED}, ${String(id)})`.execute(trx);
    return true;
  });
}

/** Nodes elsewhere that name the workflow as their sub-workflow name none any more. */
async function unlink(
  trx: Transaction<Database>,
  { id, environment_id }: { readonly id: number; readonly environment_id: number },
): Promise<void> {
  await sql`
    update nodes set updated_at = now(),
      api_fields = jsonb_set(nodes.api_fields::jsonb, '{subworkflow_id}', 'null')::json
    from workflows
    where workflows.id = nodes.workflow_id and workflows.environment_id = ${environment_id}
      and (nodes.api_fields ->> 'subworkflow_id') = ${String(id)}
  `.execute(trx);
}

const LIVE = ['queued', 'running', 'waiting'] as const;

async function liveRuns(db: Store, workflowId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('executions')
    .select('id')
    .where('workflow_id', '=', workflowId)
    .where('status', 'in', LIVE)
    .limit(PAGE)
    .execute();
  return rows.map((row) => row.id);
}

async function endedRuns(db: Store, workflowId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('executions')
    .select('id')
    .where('workflow_id', '=', workflowId)
    .where('status', 'not in', LIVE)
    .limit(PAGE)
    .execute();
  return rows.map((row) => row.id);
}
