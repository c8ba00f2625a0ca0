import { type SqlBool, sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import { uuidV7 } from '#server/engine/uuid-v7.ts';
import { ownPlace } from '#server/model/embed-call.ts';
import type { MeaningOf } from './question.ts';
import type { Source } from './source.ts';
import { vectorSpace } from './vector-space.ts';

const MOST = 50;

interface Search {
  readonly environmentId: number;
  readonly source: Source;
  readonly q?: string | undefined;
  readonly meaning?: boolean | undefined;
}

/** The memories of an environment that mean what a text says, nearest first; none where it has no model for that. */
export async function nearIds(
  db: Db,
  meaningOf: MeaningOf,
  { environmentId, source, q = '', meaning = true }: Search,
): Promise<string[]> {
  if (!meaning) return [];
  const asker = { place: ownPlace(environmentId, uuidV7()), signal: new AbortController().signal };
  const question = await meaningOf(q, asker);
  if (!question) return [];
  const space = await vectorSpace(db);
  const near = space.nearest({ source, question, limit: MOST, visible: sql<SqlBool>`true` });
  const { rows } = await space.run(db, (within) => sql<{ near_id: string }>`${near} `.execute(within));
  return rows.map((row) => row.near_id);
}
