import { sql } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Spent } from '#server/model/budget-check.ts';
import type { OpenPage } from './page.ts';
import { shareOf, usedToday } from './page-usage.ts';
import type { Store } from './thread.ts';

const MINUTE = '1 minute';

const tooMany = (detail: string, seconds: number): AppError =>
  new AppError('too_many', detail, { retryAfterSeconds: seconds });

export interface NewVisit {
  readonly visitorId: string;
  readonly executionId: string;
  /** Of all visitors from one place, however many they say they are. */
  readonly network: string;
}

/**
 * Takes one more message of a visitor, or refuses it. Messages to one page are counted one after the other, by all
 * processes together. Part of the transaction that takes the message.
 * @throws AppError `too_many`
 */
export async function admitVisitor(
  trx: Store,
  page: OpenPage,
  { visitorId, executionId, network }: NewVisit,
): Promise<void> {
  const { workflow_id: workflowId } = page;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`pipewright chat page ${workflowId}`}, 0))`.execute(
    trx,
  );
  const { rows } = await sql<{ own: number; near: number; all: number }>`
    select count(*)::int as all, count(*) filter (where visitor_id = ${visitorId})::int as own,
      count(*) filter (where network = ${network})::int as near
    from chat_visits
    where workflow_id = ${workflowId} and created_at > now() - ${MINUTE}::interval`.execute(trx);
  const { own = 0, near = 0, all = 0 } = rows[0] ?? {};
  if (own >= page.visitor_per_minute) {
    throw tooMany('You are writing too fast. Wait a moment, then send your message again.', 20);
  }
  if (all >= page.page_per_minute) {
    throw tooMany('Too many people are writing just now. Wait a moment, then send your message again.', 20);
  }
  if (near >= shareOf(page.page_per_minute, page.network_percent)) {
    throw tooMany('Your network is writing too fast. Wait a moment, then send your message again.', 20);
  }
  await refuseUsedUp(trx, page, network);
  await trx
    .insertInto('chat_visits')
    .values({ execution_id: executionId, workflow_id: workflowId, visitor_id: visitorId, network })
    .execute();
}

/** The page's day, and the part of it that one network has. @throws AppError `too_many` */
async function refuseUsedUp(trx: Store, page: OpenPage, network: string): Promise<void> {
  const { all, near } = await usedToday(trx, page.workflow_id, network);
  const beyond = ({ tokens, usd }: Spent, percent: number): boolean =>
    tokens >= (Number(page.daily_tokens) * percent) / 100 || usd >= (Number(page.daily_usd) * percent) / 100;
  if (beyond(all, 100)) {
    throw tooMany('This chat has answered as much as it may today. Come back tomorrow.', secondsToMidnight());
  }
  if (beyond(near, page.network_percent)) {
    throw tooMany(
      'This chat has answered your network as much as it may today. Come back tomorrow.',
      secondsToMidnight(),
    );
  }
}

function secondsToMidnight(now = new Date()): number {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
  return Math.max(1, Math.ceil((midnight - now.getTime()) / 1000));
}
