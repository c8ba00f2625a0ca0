import { sql } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { OpenPage } from './page.ts';
import { usedToday } from './page-usage.ts';
import type { Store } from './thread.ts';

const MINUTE = '1 minute';

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
