import { sql } from 'kysely';
import type { Awaited } from '#domain/node/executor.ts';
import { sourceOf } from '#domain/node/signal-source.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import { sendSignal } from '#server/engine/signal.ts';
import { CLOSED } from './approval-decision.ts';
import { newToken, tokenHash } from './approval-request.ts';

const KIND = 'call';
const USED = 'This address was called already. It works once.';

export type AwaitCall = (
  place: StepPlace,
  request: { expiresAt: number | null },
) => Promise<Awaited & { url: string }>;

/** Makes addresses that waiting steps go on by. The same step asking again gets a new address; the old one ends. */
export function createAwaitedCalls(db: Db, publicUrl: string): AwaitCall {
  return async ({ executionId, node, scope, call }, { expiresAt }) => {
    const token = newToken();
    const place = { execution_id: executionId, node_id: node, scope, call };
    const changing = {
      token_hash: tokenHash(token),
      expires_at: expiresAt === null ? null : new Date(expiresAt),
    };
    await db
      .insertInto('awaited_calls')
      .values({ ...place, ...changing })
      .onConflict((on) =>
        on
          .columns(['execution_id', 'node_id', 'scope', 'call'])
          .doUpdateSet(changing)
          .where('awaited_calls.called_at', 'is', null),
      )
      .execute();
    return { source: sourceOf(KIND, call), url: `${publicUrl}/resume/${token}` };
  };
}

/** Why an address makes nothing go on (any more), null while it does; `undefined` for one that never did. */
export async function readAddress(db: Db, token: string): Promise<string | null | undefined> {
  const row = await db
    .selectFrom('awaited_calls')
    .leftJoin('executions', 'executions.id', 'awaited_calls.execution_id')
    .select([
      'called_at',
      sql<boolean>`coalesce(awaited_calls.expires_at <= now(), false)`.as('expired'),
      sql<boolean>`coalesce(executions.status in ('queued', 'running', 'waiting'), false)`.as('live'),
    ])
    .where('token_hash', '=', tokenHash(token))
    .executeTakeFirst();
  if (!row) return undefined;
  if (row.called_at !== null) return USED;
  if (!row.live) return CLOSED.ended;
  return row.expired ? 'The time to call this address is over.' : null;
}

/**
 * Makes the step behind an address go on with `call`, once.
 * @throws AppError `not_found` for an address that leads nowhere, `conflict` when it is used or over.
 */
export async function takeCall(db: Db, token: string, call: object): Promise<void> {
  const closed = await readAddress(db, token);
  if (closed === undefined) throw new AppError('not_found', 'Not Found');
  if (closed !== null) throw new AppError('conflict', closed);
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('awaited_calls')
      .set({ called_at: sql`now()` })
      .where('token_hash', '=', tokenHash(token))
      .where('called_at', 'is', null)
      .returning(['execution_id', 'node_id', 'scope', 'call'])
      .executeTakeFirst();
    if (!row) throw new AppError('conflict', USED);
    const { execution_id: executionId, node_id: node, scope } = row;
    const source = sourceOf(KIND, row.call);
    await sendSignal(trx, { executionId, node, scope, source, value: call });
  });
}
