import { type Kysely, sql } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Database } from '#server/db/schema.ts';
import { sendSignal } from '#server/engine/signal.ts';
import { approvalSource } from './approval-request.ts';
import { stateOf } from './approval-store.ts';

/** One answer to a question. */
export interface Vote {
  readonly approvalId: string;
  /** A username, or whom the link was made for. */
  readonly voter: string;
  /** Null for links. */
  readonly userId: number | null;
  readonly confirmed: boolean;
  readonly response: string;
}

/** Why a question takes no answer any more, in words for whoever tries. */
export const CLOSED = {
  approved: 'This was approved already.',
  rejected: 'This was rejected already.',
  expired: 'The time to answer is over.',
  ended: 'The run has ended, so there is nothing to decide any more.',
} as const;

/**
 * Records an answer and, where it is the deciding one, makes the run go on; part of the caller's transaction. Of any
 * number of answers at once exactly one decides.
 * @throws AppError `conflict` when the question is closed or this voter has answered already.
 */
export async function castVote(trx: Kysely<Database>, vote: Vote): Promise<void> {
  const { approvalId, voter, confirmed, response } = vote;
  const approval = await lock(trx, approvalId);
  const state = stateOf(approval);
  if (state !== 'open') throw new AppError('conflict', CLOSED[state]);
  const { numInsertedOrUpdatedRows: added } = await trx
    .insertInto('approval_votes')
    .values({ approval_id: approvalId, voter, user_id: vote.userId, confirmed, response })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst();
  if (added !== 1n)
    throw new AppError('conflict', 'You have answered already; others have to approve as well.');
  if (confirmed && (await countGiven(trx, approvalId)) < approval.needed) return;
  const value = { confirmed, response, decided_by: voter };
  const { numUpdatedRows: decided } = await trx
    .updateTable('approvals')
    .set({ decided_at: sql`now()`, decision: JSON.stringify(value) })
    .where('id', '=', approvalId)
    .where('decided_at', 'is', null)
    .executeTakeFirst();
  if (decided !== 1n) throw new AppError('conflict', 'This was decided already.');
  const { execution_id: executionId, node_id: node, scope, call } = approval;
  await sendSignal(trx, { executionId, node, scope, source: approvalSource(call), value });
}

/** Answers to one question come one after another from here on. */
async function lock(trx: Kysely<Database>, id: string) {
  const row = await trx
    .selectFrom('approvals')
    .select(['execution_id', 'node_id', 'scope', 'call', 'needed', 'decision'])
    .select(sql<boolean>`coalesce(expires_at <= now(), false)`.as('expired'))
    .select(
      sql<boolean>`exists (select from executions e where e.id = approvals.execution_id
        and e.status in ('queued', 'running', 'waiting'))`.as('live'),
    )
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError('conflict', CLOSED.ended);
  return row;
}

async function countGiven(trx: Kysely<Database>, approvalId: string): Promise<number> {
  const { count } = await trx
    .selectFrom('approval_votes')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('approval_id', '=', approvalId)
    .where('confirmed', '=', true)
    .executeTakeFirstOrThrow();
  return count;
}
