import { AppError } from '#domain/problem.ts';
import type { RunOrigin } from '#domain/run/option.ts';
import type { Db } from '#server/db/connection.ts';
import { originOf } from '#server/run-start/run-origin.ts';
import { callKey } from './call-once.ts';

/** Runs that start runs that start runs: so many are enough. */
const MAX_DEPTH = 3;

/** Operations that begin a run. */
const STARTING: ReadonlySet<string> = new Set([
  'workflows.execute',
  'executions.retry',
  'schedules.runNow',
  'chat.send',
]);

export const startsRun = (id: string): boolean => STARTING.has(id);

export interface StartByRun {
  /** The same when the same step asks for the same again. */
  readonly key: string;
  /** Of the run that is begun: what it spends counts for whoever began it all. */
  readonly origin: RunOrigin;
}

/**
 * How a run starts another one through the API.
 * @throws AppError `forbidden` when that one would be too deep.
 */
export async function startByRun(
  db: Db,
  place: { readonly rootId: string; readonly idempotencyKey: string; readonly call: string },
  request: unknown,
): Promise<StartByRun> {
  const origin = await originOf(db, place.rootId, 'manual');
  if (origin.depth >= MAX_DEPTH) {
    const chain = `This run was itself started by a run, ${MAX_DEPTH} deep.`;
    throw new AppError('forbidden', `${chain} It may not start further ones.`);
  }
  const key = `by-run:${callKey(place, request)}`;
  return { key, origin: { ...origin, depth: origin.depth + 1 } };
}
