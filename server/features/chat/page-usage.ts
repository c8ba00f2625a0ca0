import { sql } from 'kysely';
import type { BudgetRow, Spent } from '#server/model/budget-check.ts';
import type { Store } from './thread-place.ts';

export interface UsedToday {
  /** By all visitors of the page. */
  readonly all: Spent;
  /** By those of one network. */
  readonly near: Spent;
}

/** What one network may use of a page's limit: at least one of whatever is counted. */
export const shareOf = (limit: number, percent: number): number =>
  Math.max(1, Math.floor((limit * percent) / 100));

/** What visitors of a workflow's page have used since midnight (UTC), or may be using: tokens and US dollars. */
export async function usedToday(db: Store, workflowId: number, network = ''): Promise<UsedToday> {
  const { rows } = await sql<Spent & { readonly near_tokens: number; readonly near_usd: number }>`
    select
      coalesce(sum(used.tokens), 0)::float8 as tokens,
      coalesce(sum(used.usd), 0)::float8 as usd,
      coalesce(sum(used.tokens) filter (where v.network = ${network}), 0)::float8 as near_tokens,
      coalesce(sum(used.usd) filter (where v.network = ${network}), 0)::float8 as near_usd
    from chat_visits v
    join llm_calls c on coalesce(c.origin_id, c.root_id) = v.execution_id
    cross join lateral (select
      case
        when c.status <> 'running' then c.input_tokens + c.output_tokens
        when c.expires_at > now() then c.reserved_tokens else 0 end as tokens,
      case
        when c.status <> 'running' then c.cost_usd
        when c.expires_at > now() then c.reserved_usd else 0 end as usd
    ) used
    where v.workflow_id = ${workflowId}
      and v.created_at >= date_trunc('day', now() at time zone 'utc') at time zone 'utc'`.execute(db);
  const { tokens = 0, usd = 0, near_tokens = 0, near_usd = 0 } = rows[0] ?? {};
  return { all: { tokens, usd }, near: { tokens: near_tokens, usd: near_usd } };
}

/**
 * The budget a run of a visitor, and whatever it has begun, counts for, locked until the transaction ends, with what
 * is used of it; null for every other run. Where the visitor's network has less left of its part than the page has of
 * the whole, what is missing counts as used.
 */
export async function pageBudget(trx: Store, originId: string): Promise<readonly [BudgetRow, Spent] | null> {
  const page = await trx
    .selectFrom('chat_pages as p')
    .innerJoin('chat_visits as v', 'v.workflow_id', 'p.workflow_id')
    .select(['p.workflow_id', 'p.daily_tokens', 'p.daily_usd', 'p.network_percent', 'v.network'])
    .where('v.execution_id', '=', originId)
    .forUpdate('p')
    .executeTakeFirst();
  if (!page) return null;
  const { workflow_id, daily_tokens, daily_usd, network_percent, network } = page;
  const limits = { max_tokens: String(daily_tokens), max_usd: String(daily_usd) };
  const budget = { id: 0, workflow_id, trigger_kind: 'chat', period: 'day' as const, ...limits };
  const { all, near } = await usedToday(trx, workflow_id, network);
  const others = (limit: string | number): number => (Number(limit) * (100 - network_percent)) / 100;
  return [
    budget,
    {
      tokens: Math.max(all.tokens, near.tokens + others(daily_tokens)),
      usd: Math.max(all.usd, near.usd + others(daily_usd)),
    },
  ];
}
