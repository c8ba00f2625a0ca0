import { sql } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { BudgetRow, Spent } from '#server/model/budget-check.ts';
import type { OpenPage } from './page.ts';
import type { Store } from './thread.ts';

const MINUTE = '1 minute';

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

const tooMany = (detail: string, seconds: number): AppError =>
  new AppError('too_many', detail, { retryAfterSeconds: seconds });

/**
 * Takes one more message of a visitor, or refuses it. Messages to one page are counted one after the other, by all
 * processes together. Part of the transaction that takes the message.
 * @throws AppError `too_many`
 */
export async function admitVisitor(
  trx: Store,
  page: OpenPage,
  { visitorId, executionId }: { readonly visitorId: string; readonly executionId: string },
): Promise<void> {
  const { workflow_id: workflowId } = page;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`pipewright chat page ${workflowId}`}, 0))`.execute(
    trx,
  );
  const { rows } = await sql<{ own: number; all: number }>`
    select count(*)::int as all, count(*) filter (where visitor_id = ${visitorId})::int as own
    from chat_visits
    where workflow_id = ${workflowId} and created_at > now() - ${MINUTE}::interval`.execute(trx);
  const { own = 0, all = 0 } = rows[0] ?? {};
  if (own >= page.visitor_per_minute) {
    throw tooMany('You are writing too fast. Wait a moment, then send your message again.', 20);
  }
  if (all >= page.page_per_minute) {
    throw tooMany('Too many people are writing just now. Wait a moment, then send your message again.', 20);
  }
  const used = await usedToday(trx, workflowId);
  if (used.tokens >= Number(page.daily_tokens) || used.usd >= Number(page.daily_usd)) {
    throw tooMany('This chat has answered as much as it may today. Come back tomorrow.', secondsToMidnight());
  }
  await trx
    .insertInto('chat_visits')
    .values({ execution_id: executionId, workflow_id: workflowId, visitor_id: visitorId })
    .execute();
}

function secondsToMidnight(now = new Date()): number {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
  return Math.max(1, Math.ceil((midnight - now.getTime()) / 1000));
}
