import type { RunOptions, RunOrigin } from '#domain/run/option.ts';
import type { Db } from '#server/db/connection.ts';

type Store = Pick<Db, 'selectFrom'>;

/**
 * What a run, and whatever it starts, goes back to: the run that has begun it through the API or by failing, or the
 * run itself, which then has depth 0.
 * @param rootId of the run itself, which no other one waits for
 * @param kind how it was started, for a run that has no row yet
 */
export async function originOf(db: Store, rootId: string, kind: string): Promise<RunOrigin> {
  const row = await db
    .selectFrom('executions')
    .select(['trigger_kind', 'options'])
    .where('id', '=', rootId)
    .executeTakeFirst();
  const { origin } = (row?.options ?? {}) as RunOptions;
  return origin ?? { run: rootId, kind: row?.trigger_kind ?? kind, depth: 0 };
}
