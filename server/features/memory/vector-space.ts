import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import { signatureOf } from '#domain/memory/vector.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import { SOURCE_TABLES, type Source } from './source.ts';

/** A question as a vector, and which vectors it may be compared with. */
export interface QuestionVector {
  readonly environmentId: number;
  readonly generation: number;
  /** Of length one. */
  readonly vector: readonly number[];
  readonly minSimilarity: number;
}

export interface NearestQuery {
  readonly source: Source;
  readonly question: QuestionVector;
  /** What may be found, in terms of the table of the source. Looked at before anything is compared. */
  readonly visible: RawBuilder<SqlBool>;
  readonly limit: number;
}

/** Where vectors are compared. Nothing else knows how. */
export interface VectorSpace {
  readonly storage: 'pgvector' | 'arrays';
  /** Rows of `near_id` and `similarity`, at most `limit`, to be used within `run`. */
  nearest(query: NearestQuery): RawBuilder<unknown>;
  run<T>(db: Db, work: (db: Kysely<Database>) => Promise<T>): Promise<T>;
  /** Makes ready for vectors of a length. */
  prepare(db: Db, dimensions: number): Promise<void>;
}

/** Those whose signatures are nearest are compared exactly, and no more: a tenth of a second for long vectors. */
const SHORTLIST = 200;
/** Longer ones pgvector cannot index. */
const MOST_INDEXED = 2_000;
/** How far the index is looked through at first; with versions that go on by themselves. */
const INDEX_SEARCH = 100;

const spaces = new WeakMap<Db, Promise<VectorSpace>>();

/**
 * pgvector where the database has it, or lets us add it; else arrays. Asked once for a connection pool, so that an
 * extension that is added later counts from the next start on.
 */
export function vectorSpace(db: Db): Promise<VectorSpace> {
  const known = spaces.get(db);
  if (known) return known;
  const found = findExtension(db).then((extension) => (extension ? pgvectorSpace(extension) : ARRAYS));
  spaces.set(db, found);
  found.catch(() => spaces.delete(db));
  return found;
}

interface Extension {
  readonly schema: string;
  /** Goes on looking through the index while too few rows may be seen. */
  readonly iterates: boolean;
}

async function findExtension(db: Db): Promise<Extension | null> {
  const here = await installedExtension(db);
  if (here) return here;
  const { rows } = await sql`select from pg_available_extensions where name = 'vector'`.execute(db);
  if (rows.length === 0) return null;
  try {
    await sql`create extension if not exists vector`.execute(db);
  } catch {
    // Not allowed; or another process was faster, which the next look tells.
  }
  return installedExtension(db);
}

async function installedExtension(db: Db): Promise<Extension | null> {
  const { rows } = await sql<{ schema: string; version: string }>`
    select n.nspname as schema, e.extversion as version
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'vector'`.execute(db);
  const [found] = rows;
  if (!found) return null;
  const [major = 0, minor = 0] = found.version.split('.').map(Number);
  return { schema: found.schema, iterates: major > 0 || minor >= 8 };
}

/** Which vectors count at all: those of rows that may be seen, of this model, and as they are now. */
function candidates({ source, question, visible }: NearestQuery): RawBuilder<unknown> {
  const { table, column } = SOURCE_TABLES[source];
  const { environmentId, generation, vector } = question;
  return sql`memory_vectors v
    where v.environment_id = ${environmentId} and v.generation = ${generation}
      and v.dimensions = ${sql.lit(vector.length)}
      and exists (select from ${sql.table(table)}
        where id = v.${sql.ref(column)} and environment_id = ${environmentId} and embedded = ${generation}
          and ${visible})`;
}

const idOf = (source: Source) => sql`v.${sql.ref(SOURCE_TABLES[source].column)}`;

/** Exact among the two hundred whose signatures are nearest, which takes the same time for any number of memories. */
const ARRAYS: VectorSpace = {
  storage: 'arrays',
  nearest: (query) => {
    const { source, question, limit } = query;
    const signature = signatureOf(question.vector);
    return sql`
      select near_id, similarity from (
        select listed.near_id, (select sum(a * b)::float8
          from unnest(listed.embedding, ${arrayText(question.vector)}::real[]) as both_of (a, b)) as similarity
        from (
          select ${idOf(source)} as near_id, v.embedding from ${candidates(query)}
          order by bit_count(v.signature # ${signature}::text::bit(512)), v.id limit ${SHORTLIST}
        ) listed
        -- Compared once, whatever is asked of it below.
        offset 0
      ) compared
      where similarity >= ${question.minSimilarity} order by similarity desc, near_id limit ${limit}`;
  },
  run: (db, work) => work(db),
  prepare: () => Promise.resolve(),
};

/** By pgvector's index, or exactly where PostgreSQL expects less work of that. Long vectors are compared as arrays. */
function pgvectorSpace({ schema, iterates }: Extension): VectorSpace {
  const typeFor = (length: number) => sql`${sql.id(schema, 'vector')}(${sql.lit(length)})`;
  return {
    storage: 'pgvector',
    nearest: (query) => {
      const { source, question, limit } = query;
      const { length } = question.vector;
      if (length > MOST_INDEXED) return ARRAYS.nearest(query);
      const type = typeFor(length);
      const asked = sql`${`[${question.vector.join(',')}]`}::text::${type}`;
      const distance = sql`(v.embedding::${type} operator(${sql.id(schema)}.<=>) ${asked})`;
      return sql`
        select near_id, similarity from (
          select ${idOf(source)} as near_id, 1 - ${distance} as similarity
          from ${candidates(query)} order by ${distance} limit ${limit}
        ) compared where similarity >= ${question.minSimilarity}`;
    },
    run: (db, work) =>
      db.transaction().execute(async (trx) => {
        await sql`select set_config('hnsw.ef_search', ${String(INDEX_SEARCH)}, true)`.execute(trx);
        if (iterates) await sql`select set_config('hnsw.iterative_scan', 'strict_order', true)`.execute(trx);
        return work(trx);
      }),
    prepare: async (db, dimensions) => {
      if (dimensions > MOST_INDEXED) return;
      await ensureIndex(db, { schema, dimensions, type: typeFor(dimensions) });
    },
  };
}

interface Index {
  readonly schema: string;
  readonly dimensions: number;
  readonly type: RawBuilder<unknown>;
}

/** One index for every length in use. What a process left half made is made anew. */
async function ensureIndex(db: Db, { schema, dimensions, type }: Index): Promise<void> {
  const name = `memory_vectors_nearest_${dimensions}`;
  const { rows } = await sql<{ valid: boolean }>`
    select indisvalid as valid from pg_index where indexrelid = to_regclass(${name})`.execute(db);
  if (rows[0]?.valid) return;
  if (rows[0]) await sql`drop index concurrently if exists ${sql.id(name)}`.execute(db);
  await sql`create index concurrently if not exists ${sql.id(name)} on memory_vectors
    using hnsw ((embedding::${type}) ${sql.id(schema, 'vector_cosine_ops')})
    where dimensions = ${sql.lit(dimensions)}`.execute(db);
}

const arrayText = (vector: readonly number[]): string => `{${vector.join(',')}}`;
