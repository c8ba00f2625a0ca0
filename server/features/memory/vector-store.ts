import { setImmediate as yieldTurn } from 'node:timers/promises';
import { sql, type Transaction } from 'kysely';
import { signatureOf } from '#domain/memory/vector.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import type { SearchModel } from './search-setting.ts';
import { SOURCE_TABLES, SOURCES, type Source } from './source.ts';

/** A memory that waits for its vector. */
export interface PendingMemory {
  readonly source: Source;
  readonly id: string;
  readonly text: string;
  /** Of the text: what has changed since is embedded again. */
  readonly digest: string;
}

export interface EmbeddedMemory extends PendingMemory {
  /** Null: it has none, and is found by its words only. */
  readonly vector: readonly number[] | null;
}

type Owner = Pick<SearchModel, 'environmentId' | 'generation'>;

/** Some memories of an environment without a vector of its present model. */
export async function pendingMemories(db: Db, owner: Owner, limit: number): Promise<PendingMemory[]> {
  const parts = SOURCES.map((source) => {
    const { table, text, isThere } = SOURCE_TABLES[source];
    return sql`(select ${sql.lit(source)} as source, id, ${text} as text from ${sql.table(table)}
      where environment_id = ${owner.environmentId} and embedded < ${owner.generation} and ${isThere}
      limit ${limit})`;
  });
  const { rows } = await sql<PendingMemory>`
    select source, id, text, md5(text) as digest
    from (${sql.join(parts, sql` union all `)}) as waiting limit ${limit}`.execute(db);
  return rows;
}

/**
 * Keeps vectors, unless the memory has changed or gone since its text was read, or the environment has chosen another
 * model. @returns whether that model is still the one
 */
export async function storeVectors(
  db: Db,
  owner: Owner,
  memories: readonly EmbeddedMemory[],
): Promise<boolean> {
  const rows = await withSignatures(memories);
  return db.transaction().execute(async (trx) => {
    const current = await trx
      .selectFrom('memory_search')
      .select('credential_id')
      .where('environment_id', '=', owner.environmentId)
      .where('generation', '=', owner.generation)
      .where('credential_id', 'is not', null)
      .forShare()
      .executeTakeFirst();
    if (!current) return false;
    for (const source of SOURCES) {
      const own = rows.filter((row) => row.source === source);
      if (own.length > 0) await storeOf(trx, owner, { source, rows: own });
    }
    return true;
  });
}

interface SignedRow {
  readonly source: Source;
  readonly id: string;
  readonly digest: string;
  readonly embedding: readonly number[] | null;
  readonly signature: string | null;
}

async function withSignatures(memories: readonly EmbeddedMemory[]): Promise<SignedRow[]> {
  const rows: SignedRow[] = [];
  for (const { source, id, digest, vector } of memories) {
    rows.push({ source, id, digest, embedding: vector, signature: vector && signatureOf(vector) });
    // A long vector takes some milliseconds; requests go in between.
    await yieldTurn();
  }
  return rows;
}

interface Part {
  readonly source: Source;
  readonly rows: readonly SignedRow[];
}

async function storeOf(trx: Transaction<Database>, owner: Owner, { source, rows }: Part): Promise<void> {
  const { table, column, text } = SOURCE_TABLES[source];
  const target = sql.ref(column);
  await sql`
    with given as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json)
        as row (id uuid, digest text, embedding real[], signature text)
    ),
    taken as (
      update ${sql.table(table)} m set embedded = ${owner.generation} from given
      where m.id = given.id and m.environment_id = ${owner.environmentId} and md5(${text}) = given.digest
      returning m.id
    )
    insert into memory_vectors (${target}, environment_id, generation, dimensions, embedding, signature)
    select given.id, ${owner.environmentId}, ${owner.generation}, cardinality(embedding), embedding,
      signature::bit(512)
    from given join taken on taken.id = given.id where embedding is not null
    on conflict (${target}) do update set generation = excluded.generation, dimensions = excluded.dimensions,
      embedding = excluded.embedding, signature = excluded.signature`.execute(trx);
}
