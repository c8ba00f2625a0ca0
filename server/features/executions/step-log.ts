import { sql } from 'kysely';
import type { z } from 'zod';
import type { stepLogOut } from '#contract/execution.ts';
import type { Db } from '#server/db/connection.ts';
import { errorMessage } from './store.ts';
import { cutValue, PREVIEW_CHARACTERS } from './stored-value.ts';

type StepLogOut = z.input<typeof stepLogOut>;

/** Entries of a run that are shown unless more are asked for. */
export const MAX_SHOWN = 1000;
/** What the values of one answer may have together; from there on only small ones are shown whole. */
const BUDGET_BYTES = 8 * 1024 * 1024;
const SMALL_BYTES = 2048;

export interface LogRequest {
  readonly limit: number;
  readonly offset: number;
  readonly node_id?: string | undefined;
  readonly scope?: string | undefined;
  readonly status?: string | undefined;
}

interface LogRow {
  node_id: string;
  scope: string;
  attempt: number;
  n: number;
  status: StepLogOut['status'];
  resume_at: Date | null;
  started_at: Date;
  finished_at: Date | null;
  error: unknown;
  logs: unknown;
  input: unknown;
  input_bytes: number | null;
  input_preview: string | null;
  output: unknown;
  output_bytes: number | null;
  output_preview: string | null;
}

/** A page of a run's steps in the order they were recorded, with the count of all that fit the filters. */
export async function pageOfLogs(db: Db, executionId: string, request: LogRequest) {
  const { limit, offset, node_id, scope, status } = request;
  const fits = sql`execution_id = ${executionId}::uuid
    ${node_id ? sql`and node_id = ${node_id}` : sql``}
    ${scope === undefined ? sql`` : sql`and scope = ${scope}`}
    ${status ? sql`and status = ${status}` : sql``}`;
  const count = sql<{ total: number }>`select count(*)::int as total from steps where ${fits}`.execute(db);
  const chosen = sql`where ${fits} order by n, attempt limit ${limit} offset ${offset}`;
  const [total, items] = await Promise.all([count, limit === 0 ? [] : read(db, executionId, chosen)]);
  return { items, total: total.rows[0]?.total ?? 0 };
}

/** A run's steps; of more than {@link MAX_SHOWN} those outside repetitions, and then the earliest. */
export async function shownLogs(db: Db, executionId: string) {
  const chosen = sql`where execution_id = ${executionId}::uuid order by (scope <> ''), n, attempt limit ${MAX_SHOWN}`;
  const logs = await read(db, executionId, chosen);
  if (logs.length < MAX_SHOWN) return { logs, total: logs.length };
  const { total } = await pageOfLogs(db, executionId, { limit: 0, offset: 0 });
  return { logs, total };
}

/** @param chosen the end of a select from `steps` that picks the rows */
async function read(db: Db, executionId: string, chosen: ReturnType<typeof sql>): Promise<StepLogOut[]> {
  const { rows } = await sql<LogRow>`
    with page as materialized (select node_id, scope, attempt from steps ${chosen}),
    sized as (
      select s.*, coalesce(pg_column_size(s.input), 0) as input_size, coalesce(pg_column_size(s.output), 0) as output_size,
        sum(coalesce(pg_column_size(s.input), 0) + coalesce(pg_column_size(s.output), 0)) over (order by s.n, s.attempt)
          <= ${BUDGET_BYTES} as fits
      from page p join steps s on s.execution_id = ${executionId}::uuid and s.node_id = p.node_id and s.scope = p.scope
        and s.attempt = p.attempt
    )
    select s.node_id, s.scope, s.attempt, s.n, s.status, s.resume_at, s.started_at, s.finished_at, s.error, s.logs,
      ${shownValue('input')}, ${shownValue('output')}
    from sized s
      left join blobs input_blob on input_blob.hash = s.input_hash
      left join blobs output_blob on output_blob.hash = s.output_hash
    order by s.n, s.attempt`.execute(db);
  return rows.map(logOf);
}

/** The value where it is shown whole, else its size and its beginning. */
function shownValue(side: 'input' | 'output') {
  const value = sql.ref(`s.${side}`);
  const size = sql.ref(`s.${side}_size`);
  const blob = sql.table(`${side}_blob`);
  const isWhole = sql`(s.fits or ${size} <= ${SMALL_BYTES})`;
  return sql`case when ${isWhole} then ${value} end as ${sql.ref(side)},
    case when ${blob}.hash is not null then ${blob}.bytes when not ${isWhole} then octet_length(${value}::text) end
      as ${sql.ref(`${side}_bytes`)},
    case when ${blob}.hash is not null then left(${blob}.body, ${PREVIEW_CHARACTERS}::int)
      when not ${isWhole} then left(${value}::text, ${PREVIEW_CHARACTERS}::int) end as ${sql.ref(`${side}_preview`)}`;
}

const logOf = (row: LogRow): StepLogOut => ({
  id: row.n,
  node_id: row.node_id,
  scope: row.scope,
  status: row.status,
  input: shown(row.input, row.input_bytes, row.input_preview),
  output: shown(row.output, row.output_bytes, row.output_preview),
  error: errorMessage(row.error),
  error_code: errorCode(row.error),
  metadata: row.resume_at ? { resume_at: row.resume_at.toISOString() } : null,
  duration_ms: row.finished_at ? Math.max(0, row.finished_at.getTime() - row.started_at.getTime()) : 0,
  timestamp: row.started_at.toISOString(),
  attempt: row.attempt,
  logs: Array.isArray(row.logs) ? row.logs.map(String) : [],
});

const shown = (value: unknown, bytes: number | null, preview: string | null): StepLogOut['input'] =>
  bytes === null ? ((value ?? null) as StepLogOut['input']) : cutValue(bytes, preview ?? '');

function errorCode(error: unknown): string | null {
  if (error === null || typeof error !== 'object' || !('code' in error)) return null;
  return String(error.code);
}
