import { type Kysely, sql } from 'kysely';
import type { Database } from '#server/db/schema.ts';
import type { ModelFailure } from '#server/model/model-failure.ts';

/** Which model an environment's memories are embedded with. */
export interface SearchModel {
  readonly environmentId: number;
  readonly credentialId: number;
  readonly model: string;
  readonly dimensions: number | null;
  readonly minSimilarity: number;
  readonly generation: number;
  /** The provider failed a moment ago. */
  readonly isPaused: boolean;
}

/** The model of an environment; null: memories are found by their words only. */
export async function searchModel(db: Kysely<Database>, environmentId: number): Promise<SearchModel | null> {
  const row = await db
    .selectFrom('memory_search')
    .select(['credential_id', 'model', 'dimensions', 'min_similarity', 'generation'])
    .select(sql<boolean>`coalesce(paused_until > now(), false)`.as('is_paused'))
    .where('environment_id', '=', environmentId)
    .executeTakeFirst();
  if (!row || row.credential_id === null) return null;
  return {
    environmentId,
    credentialId: row.credential_id,
    model: row.model,
    dimensions: row.dimensions,
    minSimilarity: row.min_similarity,
    generation: row.generation,
    isPaused: row.is_paused,
  };
}

const FIRST_PAUSE_S = 5;
const LONGEST_PAUSE_S = 600;
/** These do not pass by themselves, so there is no hurry. */
const LASTING_PAUSE_S = 60;

/** Leaves the provider alone for a while, longer every time: nothing is embedded, and no question waits for it. */
export async function pauseSearch(
  db: Kysely<Database>,
  { environmentId, generation }: Pick<SearchModel, 'environmentId' | 'generation'>,
  { error, waitMs }: ModelFailure,
): Promise<void> {
  const first = error.permanent ? LASTING_PAUSE_S : FIRST_PAUSE_S;
  const told = Math.min((waitMs ?? 0) / 1000, LONGEST_PAUSE_S);
  await db
    .updateTable('memory_search')
    .set({
      paused_until: sql<Date>`now() + interval '1 second' * greatest(${told}::float8,
        least(${first} * power(2, least(failures, 10)), ${LONGEST_PAUSE_S}))`,
      failures: sql<number>`failures + 1`,
      last_error: error.message,
    })
    .where('environment_id', '=', environmentId)
    .where('generation', '=', generation)
    .execute();
}

/** The provider answers again. */
export async function resumeSearch(
  db: Kysely<Database>,
  { environmentId, generation }: Pick<SearchModel, 'environmentId' | 'generation'>,
): Promise<void> {
  await db
    .updateTable('memory_search')
    .set({ paused_until: null, failures: 0, last_error: null })
    .where('environment_id', '=', environmentId)
    .where('generation', '=', generation)
    .where((eb) => eb.or([eb('failures', '>', 0), eb('last_error', 'is not', null)]))
    .execute();
}
