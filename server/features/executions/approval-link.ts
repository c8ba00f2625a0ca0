import { sql } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { CLOSED, castVote } from './approval-decision.ts';
import { tokenHash } from './approval-request.ts';
import { stateOf } from './approval-store.ts';

/** What stands behind a link that answers a question. `closed` says why it answers nothing any more. */
export interface LinkedApproval {
  readonly prompt: string;
  readonly workflow: string;
  /** Null for a link that was made for nobody in particular. */
  readonly holder: string | null;
  readonly needed: number;
  readonly closed: string | null;
}

export interface LinkAnswer {
  readonly confirmed: boolean;
  readonly response: string;
}

const USED = 'This link was used already. It works once.';

/** What to show to whoever opens a link; changes nothing. Null for links that lead nowhere. */
export async function readLink(db: Db, token: string): Promise<LinkedApproval | null> {
  const row = await db
    .selectFrom('approval_links')
    .innerJoin('approvals', 'approvals.id', 'approval_links.approval_id')
    .innerJoin('workflows', 'workflows.id', 'approvals.workflow_id')
    .leftJoin('executions', 'executions.id', 'approvals.execution_id')
    .select([
      'approval_links.holder',
      'approval_links.used_at',
      'approvals.prompt',
      'approvals.needed',
      'approvals.approvers',
      'approvals.decision',
      'workflows.name',
      sql<boolean>`coalesce(approvals.expires_at <= now(), false)`.as('expired'),
      sql<boolean>`coalesce(executions.status in ('queued', 'running', 'waiting'), false)`.as('live'),
    ])
    .where('approval_links.token_hash', '=', tokenHash(token))
    .executeTakeFirst();
  if (!row) return null;
  const { prompt, name: workflow, needed } = row;
  const holder = row.approvers.length > 0 ? row.holder : null;
  const state = stateOf(row);
  const closed = row.used_at !== null ? USED : state === 'open' ? null : CLOSED[state];
  return { prompt, workflow, holder, needed, closed };
}

/**
 * Answers by a link, which works once: an answer that is refused leaves it as it was.
 * @throws AppError `not_found` for a link that leads nowhere, `conflict` when it cannot answer any more.
 */
export async function answerByLink(db: Db, token: string, answer: LinkAnswer): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const hash = tokenHash(token);
    const link = await trx
      .updateTable('approval_links')
      .set({ used_at: sql`now()` })
      .where('token_hash', '=', hash)
      .where('used_at', 'is', null)
      .returning(['approval_id', 'holder'])
      .executeTakeFirst();
    if (link) {
      await castVote(trx, { approvalId: link.approval_id, voter: link.holder, userId: null, ...answer });
      return;
    }
    const known = await trx
      .selectFrom('approval_links')
      .select('holder')
      .where('token_hash', '=', hash)
      .executeTakeFirst();
    throw known ? new AppError('conflict', USED) : new AppError('not_found', 'This link leads nowhere.');
  });
}
