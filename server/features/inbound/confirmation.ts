import { sql, type Transaction } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import type { Identity } from './identity.ts';

/** Records an answer to a question. @throws AppError `conflict` when the question takes none any more. */
export type CastVote = (
  trx: Transaction<Database>,
  vote: {
    readonly approvalId: string;
    readonly voter: string;
    readonly userId: number | null;
    readonly confirmed: boolean;
    readonly response: string;
  },
) => Promise<void>;

export interface Answer {
  readonly id: string;
  readonly confirmed: boolean;
  readonly credentialId: string;
  readonly chatId: string;
  readonly identity: Identity;
}

export type Answered = 'confirmed' | 'cancelled' | 'expired' | 'not_found';

/** Answers a question from the chat it was put in. The same answer again has the same result and changes nothing. */
export async function answerConfirmation(
  { db, castVote }: { readonly db: Db; readonly castVote: CastVote },
  answer: Answer,
): Promise<Answered> {
  const pending = await findPending(db, answer);
  if (!pending) return 'not_found';
  const { identity, confirmed } = answer;
  const said = confirmed ? 'confirmed' : 'cancelled';
  if (pending.earlier !== null) return pending.earlier === confirmed ? said : 'not_found';
  if (pending.decided) return 'not_found';
  if (pending.expired) return 'expired';
  try {
    await db.transaction().execute((trx) =>
      castVote(trx, {
        approvalId: pending.approval_id,
        voter: identity.username,
        userId: identity.userId,
        confirmed,
        response: confirmed ? 'confirm' : 'cancel',
      }),
    );
    return said;
  } catch (error) {
    // The run has ended, or somebody was faster.
    if (error instanceof AppError && error.code === 'conflict') return 'not_found';
    throw error;
  }
}

/** A question of another chat, or one put to named people, is none to this one. */
function findPending(db: Db, { id, credentialId, chatId, identity }: Answer) {
  return db
    .selectFrom('pending_confirmations as p')
    .innerJoin('approvals as a', 'a.id', 'p.approval_id')
    .leftJoin('approval_votes as v', (join) =>
      join.onRef('v.approval_id', '=', 'a.id').on('v.voter', '=', identity.username),
    )
    .select([
      'p.approval_id',
      'v.confirmed as earlier',
      sql<boolean>`a.decided_at is not null`.as('decided'),
      sql<boolean>`p.expires_at <= now() or coalesce(a.expires_at <= now(), false)`.as('expired'),
    ])
    .where('p.id', '=', id)
    .where('p.credential_id', '=', credentialId)
    .where('p.chat_id', '=', chatId)
    .where(sql<boolean>`a.approvers = '{}'`)
    .where(sql<boolean>`(a.allow_self or a.started_by is distinct from ${identity.userId})`)
    .executeTakeFirst();
}
