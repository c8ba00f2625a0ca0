import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { fuseRanks } from '#domain/memory/rank-fusion.ts';
import type { Recalled, RecallRequest } from '#domain/memory/request.ts';
import type { Db } from '#server/db/connection.ts';
import type { MemoryPlace } from './place.ts';
import { type Found, type Match, procedure, QUERIES, VISIBLE } from './recall-query.ts';
import { searchWords } from './search-words.ts';
import { SOURCES, type Source } from './source.ts';
import { type QuestionVector, type VectorSpace, vectorSpace } from './vector-space.ts';
import { folded, nearness, visibleFacts } from './visible.ts';

interface Hit {
  readonly kind: Source;
  readonly row: Found;
}

/** What the words of a question say, or its meaning; each as the place may see it. */
interface Search {
  readonly run: VectorSpace['run'];
  matchOf(kind: Source): Match;
}

/** The meaning of the question; null: it goes by its words alone. */
export type Meaning = (question: string) => Promise<QuestionVector | null>;

/** Enough of each ranking to tell what stands far up in both. */
const LEAST_RANKED = 20;

/**
 * What is remembered under a key, else what the question says by its words and, where the environment has an
 * embedding model, by its meaning; without a question the newest. Best first.
 */
export async function recall(
  db: Db,
  place: MemoryPlace,
  request: RecallRequest,
  meaning: Meaning = noMeaning,
): Promise<Recalled[]> {
  const kinds = request.memory === 'all' ? SOURCES : [request.memory];
  const key = request.key?.trim() ?? '';
  const named = key === '' ? [] : await byKey(db, place, { ...request, key, kinds });
  if (named.length > 0) return named;
  const question = [key, request.query?.trim() ?? ''].join(' ').trim();
  const words = searchWords(question);
  if (question !== '' && !words) return [];
  const limit = words ? Math.max(request.limit, LEAST_RANKED) : request.limit;
  const wanted: Wanted = { db, place, kinds, request: { ...request, limit } };
  const [said, meant] = await Promise.all([
    ranked(wanted, wordSearch(words)),
    words ? byMeaning(wanted, await meaning(question)) : [],
  ]);
  const best = fuseRanks([said, meant], ({ row }) => row.id).slice(0, request.limit);
  await noteUse(db, place, best);
  return best.map(({ kind, row }) => shown(kind, row));
}

const noMeaning: Meaning = () => Promise.resolve(null);

interface Wanted {
  readonly db: Db;
  readonly place: MemoryPlace;
  readonly kinds: readonly Source[];
  readonly request: RecallRequest;
}

/** The rows of all kinds in one ranking. */
async function ranked({ db, place, kinds, request }: Wanted, search: Search): Promise<Hit[]> {
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const query = QUERIES[kind](place, request, search.matchOf(kind));
      const { rows } = await search.run(db, (within) => query.execute(within));
      return rows.map((row) => ({ kind, row }));
    }),
  );
  return found
    .flat()
    .toSorted((a, b) => b.row.rank - a.row.rank || b.row.at.getTime() - a.row.at.getTime())
    .slice(0, request.limit);
}

/** Null: whatever is there, the newest first. */
function wordSearch(words: RawBuilder<string> | null): Search {
  const match = (kind: Source): Match => ({
    before: NOTHING,
    join: NOTHING,
    // What is surer counts more.
    rank: words
      ? sql`ts_rank_cd(words, ${words}, 1) ${kind === 'facts' ? sql`* confidence` : NOTHING}`
      : sql`0`,
    matches: words ? sql<SqlBool>`words @@ ${words}` : sql<SqlBool>`true`,
  });
  return { run: (db, work) => work(db), matchOf: match };
}

async function byMeaning(wanted: Wanted, question: QuestionVector | null): Promise<Hit[]> {
  if (question === null) return [];
  const { db, place, request } = wanted;
  const space = await vectorSpace(db);
  const { limit } = request;
  return ranked(wanted, {
    run: space.run,
    matchOf: (source) => {
      const near = space.nearest({ source, question, limit, visible: VISIBLE[source](place, request) });
      return {
        before: sql`with near as materialized (${near})`,
        join: sql`join near on near_id = id`,
        rank: sql`similarity`,
        matches: sql<SqlBool>`true`,
      };
    },
  });
}

const NOTHING = sql``;

const shown = (kind: Source, { key, value, confidence, at }: Found): Recalled => ({
  kind,
  key,
  value,
  confidence,
  at: at.toISOString(),
});

type ByKey = RecallRequest & { readonly key: string; readonly kinds: readonly Source[] };

async function byKey(db: Db, place: MemoryPlace, request: ByKey): Promise<Recalled[]> {
  const { key, kinds, limit, minConfidence } = request;
  const name = folded(key);
  const found: Hit[] = [];
  if (kinds.includes('facts')) {
    const { rows } = await sql<Found>`
      select id, key, value, confidence, updated_at as at, 1 as rank from memory_facts
      where ${visibleFacts(place)} and folded_key = ${name} and confidence >= ${minConfidence}
      order by ${nearness}, updated_at desc limit ${limit}`.execute(db);
    found.push(...rows.map((row) => ({ kind: 'facts' as const, row })));
  }
  if (kinds.includes('procedures')) {
    const { rows } = await sql<Found>`${procedure(sql`1`)}
      where environment_id = ${place.environmentId} and agent_id = ${place.agentId} and is_active
        and folded_name = ${name} limit ${limit}`.execute(db);
    found.push(...rows.map((row) => ({ kind: 'procedures' as const, row })));
  }
  const first = found.slice(0, limit);
  await noteUse(db, place, first);
  return first.map(({ kind, row }) => shown(kind, row));
}

/** Counts how often facts are asked for; what became of a procedure is known when the run has ended. */
async function noteUse(db: Db, { executionId }: MemoryPlace, uses: readonly Hit[]): Promise<void> {
  const of = (wanted: Source): string[] => uses.flatMap(({ kind, row }) => (kind === wanted ? row.id : []));
  const facts = of('facts');
  const procedures = of('procedures');
  if (facts.length > 0) {
    await sql`update memory_facts set access_count = access_count + 1
      where id = any(${facts}::uuid[])`.execute(db);
  }
  if (procedures.length > 0) {
    await sql`update memory_episodes
      set detail = json_build_object('identified', detail -> 'identified', 'procedures', (select json_agg(distinct id) from (
        select json_array_elements_text(detail -> 'procedures') as id union select unnest(${procedures}::text[])) as used))
      where execution_id = ${executionId}::uuid and ended_at is null`.execute(db);
  }
}
