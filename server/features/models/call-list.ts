import { type SqlBool, sql } from 'kysely';
import type { OutputOf } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';
import { seesEverything, type Viewer } from '../handler.ts';

type CallPage = OutputOf<'models', 'calls'>;

export interface CallFilter {
  readonly limit: number;
  readonly offset: number;
  readonly execution_id?: string | undefined;
  readonly node_id?: string | undefined;
  readonly workflow_id?: number | undefined;
  readonly model?: string | undefined;
  readonly status?: string | undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** What a process that died left behind is no longer running. */
const STATUS = sql<CallPage['items'][number]['status']>`
  case when status = 'running' and expires_at <= now() then 'lost' else status end`;

/** Calls of the viewer's environment, newest first. */
export async function listCalls(db: Db, viewer: Viewer, filter: CallFilter): Promise<CallPage> {
  const { execution_id, node_id, workflow_id, model, status, limit, offset } = filter;
  if (execution_id && !UUID.test(execution_id)) return { items: [], total: 0 };
  let found = db.selectFrom('llm_calls');
  // Administrators see every run, so they see what it was asked.
  if (!execution_id || !seesEverything(viewer))
    found = found.where('environment_id', '=', viewer.environmentId);
  if (execution_id) found = found.where('execution_id', '=', execution_id);
  if (node_id) found = found.where('node_id', '=', node_id);
  if (workflow_id !== undefined) found = found.where('workflow_id', '=', workflow_id);
  if (model) found = found.where('model', '=', model);
  if (status) found = found.where(sql<SqlBool>`${STATUS} = ${status}`);
  const { total } = await found.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  if (limit === 0) return { items: [], total };
  const rows = await found
    .selectAll()
    .select(STATUS.as('shown'))
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
  return {
    total,
    items: rows.map((row) => ({
      id: Number(row.id),
      execution_id: row.execution_id,
      workflow_id: row.workflow_id,
      node_id: row.node_id,
      scope: row.scope,
      provider: row.provider,
      model: row.model,
      credential_id: row.credential_id,
      status: row.shown,
      error_code: row.error_code,
      input_tokens: row.input_tokens,
      cached_tokens: row.cached_tokens,
      output_tokens: row.output_tokens,
      is_estimated: row.is_estimated,
      cost_usd: Number(row.cost_usd),
      price_version: row.price_version,
      started_at: row.started_at.toISOString(),
      duration_ms: row.duration_ms,
    })),
  };
}
