import { sql } from 'kysely';
import type { z } from 'zod';
import type { stepCallOut } from '#contract/execution.ts';
import type { Db } from '#server/db/connection.ts';
import { cutValue, MAX_WHOLE_BYTES, PREVIEW_CHARACTERS } from './stored-value.ts';

type StepCallOut = z.input<typeof stepCallOut>;

export interface CallRequest {
  readonly limit: number;
  readonly offset: number;
  readonly node_id?: string | undefined;
  readonly scope?: string | undefined;
  readonly kind?: string | undefined;
  readonly tool_node_id?: string | undefined;
}

interface CallRow {
  n: string;
  node_id: string;
  scope: string;
  key: string;
  kind: string;
  title: string;
  tool_node: string | null;
  request: unknown;
  request_bytes: number;
  request_preview: string | null;
  result: unknown;
  result_bytes: number;
  result_preview: string | null;
  usage: unknown;
  is_error: boolean;
  started_at: Date;
  finished_at: Date;
}

/** A page of what a run's steps asked of models and tools, with the count of all that fit the filters. */
export async function pageOfCalls(db: Db, executionId: string, request: CallRequest) {
  const { limit, offset, node_id, scope, kind, tool_node_id } = request;
  const fits = sql`execution_id = ${executionId}::uuid
    ${node_id ? sql`and node_id = ${node_id}` : sql``}
    ${scope === undefined ? sql`` : sql`and scope = ${scope}`}
    ${kind ? sql`and kind = ${kind}` : sql``}
    ${tool_node_id ? sql`and tool_node = ${tool_node_id}` : sql``}`;
  const counted = sql<{ total: number }>`select count(*)::int as total from step_calls where ${fits}`;
  const page = sql<CallRow>`
    with page as materialized (
      select *, octet_length(request::text) as request_bytes, octet_length(result::text) as result_bytes
      from step_calls where ${fits} order by n limit ${limit} offset ${offset}
    )
    select n, node_id, scope, key, kind, title, tool_node, is_error, started_at, finished_at,
      case when kind = 'model' then result -> 'usage' end as usage, ${shownValue('request')}, ${shownValue('result')}
    from page order by n`;
  const [total, { rows }] = await Promise.all([
    counted.execute(db),
    limit === 0 ? { rows: [] } : page.execute(db),
  ]);
  return { items: rows.map(callOf), total: total.rows[0]?.total ?? 0 };
}

/** The value where it is shown whole, else its size and its beginning. */
function shownValue(side: 'request' | 'result') {
  const value = sql.ref(side);
  const bytes = sql.ref(`${side}_bytes`);
  return sql`${bytes}, case when ${bytes} <= ${MAX_WHOLE_BYTES} then ${value} end as ${sql.ref(side)},
    case when ${bytes} > ${MAX_WHOLE_BYTES} then left(${value}::text, ${PREVIEW_CHARACTERS}::int) end
      as ${sql.ref(`${side}_preview`)}`;
}

const callOf = (row: CallRow): StepCallOut => ({
  id: Number(row.n),
  node_id: row.node_id,
  scope: row.scope,
  key: row.key,
  kind: row.kind,
  title: row.title,
  tool_node_id: row.tool_node,
  request: shown(row.request, row.request_bytes, row.request_preview),
  result: shown(row.result, row.result_bytes, row.result_preview),
  is_error: row.is_error,
  started_at: row.started_at.toISOString(),
  duration_ms: Math.max(0, row.finished_at.getTime() - row.started_at.getTime()),
  usage: usageOf(row.usage),
});

const shown = (value: unknown, bytes: number, preview: string | null): StepCallOut['request'] =>
  preview === null ? ((value ?? null) as StepCallOut['request']) : cutValue(bytes, preview);

const countIn = (usage: object, key: string): number => Number(Reflect.get(usage, key) ?? 0) || 0;

/** The usage in a recorded answer of a model. */
function usageOf(usage: unknown): StepCallOut['usage'] {
  if (typeof usage !== 'object' || usage === null) return null;
  return {
    input_tokens: Math.round(countIn(usage, 'inputTokens')),
    cached_tokens: Math.round(countIn(usage, 'cachedTokens')),
    output_tokens: Math.round(countIn(usage, 'outputTokens')),
    cost_usd: countIn(usage, 'costUsd'),
  };
}
