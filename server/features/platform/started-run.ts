import { createHash } from 'node:crypto';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';

/** Runs that start runs that start runs: so many are enough. */
const MAX_DEPTH = 3;
const MARK = /(?:^|:)by-run:(\d{1,3}):/;

/** Operations that begin a run. */
const STARTING: ReadonlySet<string> = new Set([
  'workflows.execute',
  'executions.retry',
  'schedules.runNow',
  'chat.send',
]);

export const startsRun = (id: string): boolean => STARTING.has(id);

/**
 * The idempotency key under which a run starts another one through the API. It says how deep that one is, and is the
 * same when the same step asks for the same again.
 * @throws AppError `forbidden` when it would be too deep.
 */
export async function startKey(
  db: Db,
  place: { readonly rootId: string; readonly idempotencyKey: string; readonly call: string },
  request: unknown,
): Promise<string> {
  const root = await db
    .selectFrom('executions')
    .select('idempotency_key')
    .where('id', '=', place.rootId)
    .executeTakeFirst();
  const depth = Number(MARK.exec(root?.idempotency_key ?? '')?.[1] ?? 0);
  if (depth >= MAX_DEPTH) {
    const chain = `This run was itself started by a run, ${MAX_DEPTH} deep.`;
    throw new AppError('forbidden', `${chain} It may not start further ones.`);
  }
  const same = JSON.stringify([place.idempotencyKey, place.call, request]);
  return `by-run:${depth + 1}:${createHash('sha256').update(same).digest('hex')}`;
}
