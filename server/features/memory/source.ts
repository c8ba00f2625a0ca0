import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { MemoryKind } from '#domain/memory/request.ts';

/** The kinds of memories that have a meaning to be found by. */
export type Source = Exclude<MemoryKind, 'all'>;
export const SOURCES = ['facts', 'procedures', 'episodes'] as const satisfies readonly Source[];

/** Providers take texts of some thousand tokens; the beginning of a longer one says enough. */
const LONGEST = 6_000;

interface SourceTable {
  readonly table: 'memory_facts' | 'memory_procedures' | 'memory_episodes';
  /** Of `memory_vectors`. */
  readonly column: 'fact_id' | 'procedure_id' | 'episode_id';
  /** What is embedded of a row; empty: nothing. */
  readonly text: RawBuilder<string>;
  /** Whether a row is there to be found at all. */
  readonly isThere: RawBuilder<SqlBool>;
}

const cut = (text: RawBuilder<unknown>) => sql<string>`btrim(left(${text}, ${sql.lit(LONGEST)}))`;
const spaced = (name: string) => sql`regexp_replace(${sql.ref(name)}, '[[:space:]_-]+', ' ', 'g')`;

export const SOURCE_TABLES: Readonly<Record<Source, SourceTable>> = {
  facts: {
    table: 'memory_facts',
    column: 'fact_id',
    text: cut(sql`${spaced('key')} || ': ' || coalesce(value #>> '{}', '')`),
    isThere: sql`true`,
  },
  procedures: {
    table: 'memory_procedures',
    column: 'procedure_id',
    text: cut(sql`${spaced('name')} || ': ' || description || ' ' || coalesce(content #>> '{}', '')`),
    isThere: sql`true`,
  },
  episodes: {
    table: 'memory_episodes',
    column: 'episode_id',
    text: cut(sql`coalesce(summary, '')`),
    isThere: sql`ended_at is not null`,
  },
};
