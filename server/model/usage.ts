import { sql } from 'kysely';
import { NO_USAGE, type Usage } from '#domain/model/model.ts';
import type { Db } from '#server/db/connection.ts';
import type { UsageOf } from '#server/engine/interface.ts';

/** What runs and their steps have spent on models. */
export const createUsageOf =
  (db: Db): UsageOf =>
  async ({ executionId, others = [], node, scope }) => {
    let query = db
      .selectFrom('llm_calls')
      .select([
        sql<number>`count(*)::int`.as('calls'),
        sql<string>`coalesce(sum(input_tokens), 0)`.as('input'),
        sql<string>`coalesce(sum(cached_tokens), 0)`.as('cached'),
        sql<string>`coalesce(sum(output_tokens), 0)`.as('output'),
        sql<string>`coalesce(sum(cost_usd), 0)`.as('cost'),
      ])
      .where('execution_id', 'in', [executionId, ...others]);
    if (node !== undefined) query = query.where('node_id', '=', node);
    if (scope !== undefined) query = query.where('scope', '=', scope);
    const row = await query.executeTakeFirst();
    if (!row || row.calls === 0) return NO_USAGE;
    return {
      calls: row.calls,
      inputTokens: Number(row.input),
      cachedTokens: Number(row.cached),
      outputTokens: Number(row.output),
      costUsd: Number(row.cost),
    };
  };

/** What a run has used. */
export interface RunUsage extends Pick<Usage, 'calls' | 'costUsd'> {
  /** Of prompts and answers. */
  readonly tokens: number;
}

/** Of several runs at once, by run; runs without a call are absent. */
export async function usageOfRuns(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, RunUsage>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('llm_calls')
    .select([
      'execution_id',
      sql<number>`count(*)::int`.as('calls'),
      sql<string>`sum(input_tokens + output_tokens)`.as('tokens'),
      sql<string>`sum(cost_usd)`.as('cost'),
    ])
    .where('execution_id', 'in', [...ids])
    .groupBy('execution_id')
    .execute();
  return new Map(
    rows.map((row) => [
      row.execution_id,
      { calls: row.calls, tokens: Number(row.tokens), costUsd: Number(row.cost) },
    ]),
  );
}
