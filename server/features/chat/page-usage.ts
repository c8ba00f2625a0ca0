import { sql } from 'kysely';
import type { BudgetRow, Spent } from '#server/model/budget-check.ts';
import type { Store } from './thread-place.ts';

/** What visitors of a workflow's page have used since midnight (UTC), or may be using: tokens and US dollars. */
export async function usedToday(db: Store, workflowId: number): Promise<Spent> {
  const { rows } = await sql<Spent>`
    select
      coalesce(sum(case
        when c.status <> 'running' then c.input_tokens + c.output_tokens
        when c.expires_at > now() then c.reserved_tokens else 0 end), 0)::float8 as tokens,
      coalesce(sum(case
        when c.status <> 'running' then c.cost_usd
        when c.expires_at > now() then c.reserved_usd else 0 end), 0)::float8 as usd
    from chat_visits v
    join llm_calls c on c.root_id = v.execution_id
    where v.workflow_id = ${workflowId}
      and v.created_at >= date_trunc('day', now() at time zone 'utc') at time zone 'utc'`.execute(db);
  return rows[0] ?? { tokens: 0, usd: 0 };
}

/**
 * The budget a run of a visitor counts for, locked until the transaction ends, with what is used of it; null for
 * every other run.
 */
export async function pageBudget(trx: Store, rootId: string): Promise<readonly [BudgetRow, Spent] | null> {
  const page = await trx
    .selectFrom('chat_pages as p')
    .innerJoin('chat_visits as v', 'v.workflow_id', 'p.workflow_id')
    .select(['p.workflow_id', 'p.daily_tokens', 'p.daily_usd'])
    .where('v.execution_id', '=', rootId)
    .forUpdate('p')
    .executeTakeFirst();
  if (!page) return null;
  const { workflow_id, daily_tokens, daily_usd } = page;
  const limits = { max_tokens: String(daily_tokens), max_usd: String(daily_usd) };
  const budget = { id: 0, workflow_id, trigger_kind: 'chat', period: 'day' as const, ...limits };
  return [budget, await usedToday(trx, workflow_id)];
}
