import { type RawBuilder, sql } from 'kysely';
import type { MemoryKind, Recalled, RecallRequest } from '#domain/memory/request.ts';
import type { Db } from '#server/db/connection.ts';
import type { MemoryPlace } from './place.ts';
import { searchWords } from './search-words.ts';
import { folded, nearness, visibleFacts } from './visible.ts';

type Kind = Exclude<MemoryKind, 'all'>;
const KINDS = ['facts', 'procedures', 'episodes'] as const satisfies readonly Kind[];

interface Found extends Omit<Recalled, 'at' | 'kind'> {
  readonly id: string;
  readonly at: Date;
  readonly rank: number;
}

interface Wanted {
  readonly limit: number;
  readonly minConfidence: number;
  /** Null: the newest. */
  readonly words: RawBuilder<string> | null;
}

/** What is remembered under a key, else what the words say, else the newest. Best first. */
export async function recall(db: Db, place: MemoryPlace, request: RecallRequest): Promise<Recalled[]> {
  const kinds = request.memory === 'all' ? KINDS : [request.memory];
  const key = request.key?.trim() ?? '';
  const named = key === '' ? [] : await byKey(db, place, { ...request, key, kinds });
  if (named.length > 0) return named;
  const question = [key, request.query?.trim() ?? ''].join(' ').trim();
  const words = searchWords(question);
  if (question !== '' && !words) return [];
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const rows = await SEARCHES[kind](db, place, { ...request, words });
      return rows.map((row) => ({ kind, row }));
    }),
  );
  const best = found
    .flat()
    .toSorted((a, b) => b.row.rank - a.row.rank || b.row.at.getTime() - a.row.at.getTime())
    .slice(0, request.limit);
  await noteUse(db, place, best);
  return best.map(({ kind, row }) => shown(kind, row));
}

const shown = (kind: Kind, { key, value, confidence, at }: Found): Recalled => ({
  kind,
  key,
  value,
  confidence,
  at: at.toISOString(),
});

type ByKey = RecallRequest & { readonly key: string; readonly kinds: readonly Kind[] };

async function byKey(db: Db, place: MemoryPlace, request: ByKey): Promise<Recalled[]> {
  const { key, kinds, limit, minConfidence } = request;
  const name = folded(key);
  const found: { kind: Kind; row: Found }[] = [];
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

const SEARCHES: Record<Kind, (db: Db, place: MemoryPlace, wanted: Wanted) => Promise<readonly Found[]>> = {
  facts: async (db, place, { limit, minConfidence, words }) => {
    const rank = words ? sql`ts_rank_cd(words, ${words}, 1) * confidence` : sql`0`;
    const matches = words ? sql`words @@ ${words}` : sql`true`;
    const { rows } = await sql<Found>`
      select id, key, value, confidence, updated_at as at, ${rank} as rank from memory_facts
      where ${visibleFacts(place)} and confidence >= ${minConfidence} and ${matches}
      order by rank desc, updated_at desc, id limit ${limit}`.execute(db);
    return rows;
  },
  procedures: async (db, place, { limit, words }) => {
    const rank = words ? sql`ts_rank_cd(words, ${words}, 1)` : sql`0`;
    const matches = words ? sql`words @@ ${words}` : sql`true`;
    const { rows } = await sql<Found>`${procedure(rank)}
      where environment_id = ${place.environmentId} and agent_id = ${place.agentId} and is_active and ${matches}
      order by rank desc, updated_at desc, id limit ${limit}`.execute(db);
    return rows;
  },
  // Its own, and of those only what was said by whom it talks to now.
  episodes: async (db, place, { limit, words }) => {
    const rank = words ? sql`ts_rank_cd(words, ${words}, 1)` : sql`0`;
    const matches = words ? sql`words @@ ${words}` : sql`true`;
    const { rows } = await sql<Found>`
      select id, trigger_type as key, 1 as confidence, started_at as at, ${rank} as rank,
        json_build_object('summary', summary, 'success', success, 'error_code', error_code) as value
      from memory_episodes
      where environment_id = ${place.environmentId} and agent_id = ${place.agentId} and ended_at is not null
        and (user_id is null or user_id = ${place.personId}::text) and ${matches}
      order by rank desc, started_at desc, id limit ${limit}`.execute(db);
    return rows;
  },
};

const procedure = (rank: RawBuilder<unknown>) => sql`
  select id, name as key, updated_at as at, ${rank} as rank,
    json_build_object('description', description, 'steps', content) as value,
    case when times_succeeded + times_failed = 0 then 0.5
      else times_succeeded::float8 / (times_succeeded + times_failed) end as confidence
  from memory_procedures`;

interface Use {
  readonly kind: Kind;
  readonly row: Found;
}

/** Counts how often facts are asked for; what became of a procedure is known when the run has ended. */
async function noteUse(db: Db, { executionId }: MemoryPlace, uses: readonly Use[]): Promise<void> {
  const of = (wanted: Kind): string[] => uses.flatMap(({ kind, row }) => (kind === wanted ? row.id : []));
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
