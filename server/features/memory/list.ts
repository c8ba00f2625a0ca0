import { type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { OutputOf } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';

interface Request {
  readonly limit: number;
  readonly offset: number;
  readonly q?: string | undefined;
  /** Ids of what means the same as `q`, nearest first. */
  readonly near?: readonly string[];
}

type Query<T extends keyof Database> = SelectQueryBuilder<Database, T, object>;

/** How many there are, and one page of them in the order the query has. */
async function pageOf<T extends keyof Database, R, O>(
  { limit, offset }: Request,
  query: Query<T>,
  { read, shown }: { read: (query: Query<T>) => { execute(): Promise<R[]> }; shown: (row: R) => O },
): Promise<{ items: O[]; total: number }> {
  const { total } = await query.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  if (limit === 0 || offset >= (total as number)) return { items: [], total: total as number };
  const rows = await read(query.limit(limit).offset(offset) as Query<T>).execute();
  return { items: rows.map(shown), total: total as number };
}

/** Whether the text occurs in any of the columns, in whatever case; everything where no text is given. */
function holding(q: string | undefined, columns: readonly string[]) {
  const text = q?.trim() ?? '';
  if (text === '') return sql<SqlBool>`true`;
  const all = sql.join(columns.map((column) => sql`${sql.ref(column)}::text`));
  return sql<SqlBool>`concat_ws(' ', ${all}) ilike ${`%${text.replaceAll(/[\\%_]/g, '\\$&')}%`}`;
}

/** What holds the text or means the same. What holds it comes first, in the order of the list. */
function found({ q, near = [] }: Request, columns: readonly string[]) {
  const words = holding(q, columns);
  if (near.length === 0) return { matches: words, order: sql<number>`1::int` };
  const ids = sql`${near}::uuid[]`;
  return {
    matches: sql<SqlBool>`(${words} or id = any(${ids}))`,
    order: sql<number>`case when ${words} then 0 else array_position(${ids}, id) end`,
  };
}

/** An empty filter is none; a value that does not occur finds nothing. */
const equals = (column: string, value: string | undefined) =>
  value ? sql<SqlBool>`${sql.ref(column)} = ${value}` : sql<SqlBool>`true`;

type Facts = Request & { readonly scope?: string | undefined; readonly fact_type?: string | undefined };

export function listFacts(db: Db, request: Facts): Promise<OutputOf<'memories', 'facts'>> {
  const { matches, order } = found(request, ['key', 'value', 'agent_id', 'user_id']);
  const query = db
    .selectFrom('memory_facts')
    .where(equals('scope', request.scope))
    .where(equals('fact_type', request.fact_type))
    .where(matches);
  return pageOf(request, query, {
    read: (rows) =>
      rows
        .select(['id', 'scope', 'agent_id', 'user_id', 'key', 'value', 'fact_type', 'confidence'])
        .select(['times_confirmed', 'access_count', 'created_at', 'updated_at'])
        .orderBy(order)
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc'),
    shown: (row) => ({
      ...row,
      value: row.value as OutputOf<'memories', 'facts'>['items'][number]['value'],
      created_at: row.created_at.toISOString(),
      updated_at: row.updated_at.toISOString(),
    }),
  });
}

type ByAgent = Request & { readonly agent_id?: string | undefined };

export function listEpisodes(db: Db, request: ByAgent): Promise<OutputOf<'memories', 'episodes'>> {
  const { matches, order } = found(request, ['agent_id', 'user_id', 'trigger_type', 'error_code', 'summary']);
  const query = db.selectFrom('memory_episodes').where(equals('agent_id', request.agent_id)).where(matches);
  return pageOf(request, query, {
    read: (rows) =>
      rows
        .select(['id', 'agent_id', 'user_id', 'trigger_type', 'success', 'error_code', 'summary'])
        .select(['started_at', 'ended_at', 'duration_ms', 'created_at'])
        .orderBy(order)
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc'),
    shown: (row) => ({
      ...row,
      started_at: row.started_at.toISOString(),
      ended_at: row.ended_at?.toISOString() ?? null,
      created_at: row.created_at.toISOString(),
    }),
  });
}

const successRate = sql<number>`case when times_succeeded + times_failed = 0 then 0.5
  else times_succeeded::float8 / (times_succeeded + times_failed) end`;

export function listProcedures(db: Db, request: ByAgent): Promise<OutputOf<'memories', 'procedures'>> {
  const { matches, order } = found(request, ['agent_id', 'name', 'description', 'procedure_type']);
  const query = db.selectFrom('memory_procedures').where(equals('agent_id', request.agent_id)).where(matches);
  return pageOf(request, query, {
    read: (rows) =>
      rows
        .select(['id', 'agent_id', 'name', 'description', 'procedure_type', 'is_active', 'created_at'])
        .select(['times_used', 'times_succeeded', 'times_failed', successRate.as('success_rate')])
        .orderBy(order)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc'),
    shown: (row) => ({ ...row, created_at: row.created_at.toISOString() }),
  });
}

export function listUsers(db: Db, request: Request): Promise<OutputOf<'memories', 'users'>> {
  const query = db
    .selectFrom('memory_users')
    .where(holding(request.q, ['canonical_id', 'display_name', 'telegram_id', 'email']));
  return pageOf(request, query, {
    read: (rows) => rows.selectAll().orderBy('last_seen_at', 'desc').orderBy('id', 'desc'),
    shown: ({ environment_id: _, ...row }) => ({
      ...row,
      last_seen_at: row.last_seen_at.toISOString(),
      created_at: row.created_at.toISOString(),
    }),
  });
}

type Checkpoints = Request & { readonly thread_id?: string | undefined };

export function listCheckpoints(db: Db, request: Checkpoints): Promise<OutputOf<'memories', 'checkpoints'>> {
  const query = db
    .selectFrom('memory_checkpoints')
    .where(equals('thread_id', request.thread_id))
    .where(holding(request.q, ['thread_id', 'checkpoint_id', 'source']));
  return pageOf(request, query, {
    read: (rows) =>
      rows
        .select(['thread_id', 'checkpoint_ns', 'checkpoint_id', 'parent_checkpoint_id'])
        .select(['step', 'source', 'blob_size'])
        .orderBy('checkpoint_id', 'desc')
        .orderBy('thread_id')
        .orderBy('checkpoint_ns'),
    shown: (row) => row,
  });
}
