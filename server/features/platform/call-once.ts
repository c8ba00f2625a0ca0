import { createHash } from 'node:crypto';
import type { PlatformAnswer } from '#domain/node/ai-capability.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Prepared } from '#server/http/operation.ts';

/** A call of the API by a step. */
export interface StepCall {
  readonly executionId: string;
  readonly key: string;
  readonly operation: string;
}

/** The same when the same step asks for the same again. */
export function callKey(
  { idempotencyKey, call }: { readonly idempotencyKey: string; readonly call: string },
  request: unknown,
): string {
  const same = JSON.stringify([idempotencyKey, call, request]);
  return createHash('sha256').update(same).digest('hex');
}

/** These bring about a state, whatever has been done of it already, or change nothing. */
const REPEATABLE: ReadonlySet<string> = new Set(['agents.provide', 'agents.totpCode']);

/** Whether doing it again would do more than doing it once. Runs that are started have keys of their own. */
export const isOnce = ({ id, operation }: Prepared): boolean =>
  operation.method !== 'get' && !REPEATABLE.has(id);

/**
 * Claims a call before it is made.
 * @returns null: it is for the caller to make; else what it was answered when it was made before
 * @throws AppError `conflict` when it was begun before and nobody knows how it ended
 */
export async function claimCall(
  db: Db,
  { executionId, key, operation }: StepCall,
): Promise<PlatformAnswer | null> {
  const claimed = await db
    .insertInto('api_calls')
    .values({ execution_id: executionId, key, operation })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
  if (claimed) return null;
  const found = await db
    .selectFrom('api_calls')
    .select(['status', 'body'])
    .where('execution_id', '=', executionId)
    .where('key', '=', key)
    .executeTakeFirst();
  if (found?.status != null) return { status: found.status, body: found.body };
  const doubt = `It is not known whether ${operation} happened: it was begun and interrupted.`;
  throw new AppError('conflict', `${doubt} Look how things are before you try again.`);
}

/** Keeps what a claimed call was answered. */
export async function completeCall(
  db: Pick<Db, 'updateTable'>,
  { executionId, key }: StepCall,
  { status, body }: PlatformAnswer,
): Promise<void> {
  await db
    .updateTable('api_calls')
    .set({ status, body: JSON.stringify(body) })
    .where('execution_id', '=', executionId)
    .where('key', '=', key)
    .execute();
}
