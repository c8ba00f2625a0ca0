import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Recalled, RecallRequest } from '#domain/memory/request.ts';
import type { MemoryPlace } from './place.ts';
import type { Source } from './source.ts';
import { visibleFacts } from './visible.ts';

/** A row as it is found, of whichever kind. */
export interface Found extends Omit<Recalled, 'at' | 'kind'> {
  readonly id: string;
  readonly at: Date;
  readonly rank: number;
}

/** How rows are found, and which of them before which. */
export interface Match {
  /** What the query begins with. */
  readonly before: RawBuilder<unknown>;
  /** What the table is joined with. */
  readonly join: RawBuilder<unknown>;
  readonly rank: RawBuilder<unknown>;
  readonly matches: RawBuilder<SqlBool>;
}

type Asked = Pick<RecallRequest, 'minConfidence' | 'limit'>;

/** What a place may see, in terms of the table. The same for words and for meaning. */
export const VISIBLE: Record<Source, (place: MemoryPlace, asked: Asked) => RawBuilder<SqlBool>> = {
  facts: (place, { minConfidence }) =>
    sql<SqlBool>`${visibleFacts(place)} and confidence >= ${minConfidence}`,
  procedures: ({ environmentId, agentId }) =>
    sql<SqlBool>`environment_id = ${environmentId} and agent_id = ${agentId} and is_active`,
  // Its own, and of those only what was said by whom it talks to now; strangers see nothing of runs without anybody.
  episodes: ({ environmentId, agentId, personId, isStranger }) =>
    sql<SqlBool>`environment_id = ${environmentId} and agent_id = ${agentId} and ended_at is not null
      and (user_id = ${personId}::text ${isStranger ? sql`` : sql`or user_id is null`})`,
};

export const QUERIES: Record<Source, (place: MemoryPlace, asked: Asked, match: Match) => RawBuilder<Found>> =
  {
    facts: (place, asked, { before, join, rank, matches }) => sql<Found>`${before}
    select id, key, value, confidence, updated_at as at, ${rank} as rank from memory_facts ${join}
    where ${VISIBLE.facts(place, asked)} and ${matches}
    order by rank desc, updated_at desc, id limit ${asked.limit}`,
    procedures: (
      place,
      asked,
      { before, join, rank, matches },
    ) => sql<Found>`${before} ${procedure(rank)} ${join}
    where ${VISIBLE.procedures(place, asked)} and ${matches}
    order by rank desc, updated_at desc, id limit ${asked.limit}`,
    episodes: (place, asked, { before, join, rank, matches }) => sql<Found>`${before}
    select id, trigger_type as key, 1 as confidence, started_at as at, ${rank} as rank,
      json_build_object('summary', summary, 'success', success, 'error_code', error_code) as value
    from memory_episodes ${join}
    where ${VISIBLE.episodes(place, asked)} and ${matches}
    order by rank desc, started_at desc, id limit ${asked.limit}`,
  };

export const procedure = (rank: RawBuilder<unknown>) => sql`
  select id, name as key, updated_at as at, ${rank} as rank,
    json_build_object('description', description, 'steps', content) as value,
    case when times_succeeded + times_failed = 0 then 0.5
      else times_succeeded::float8 / (times_succeeded + times_failed) end as confidence
  from memory_procedures`;
