import { type Kysely, sql } from 'kysely';
import type { OutputOf } from '#contract/contract.ts';
import type { Database } from '#server/db/schema.ts';
import { SOURCE_TABLES, SOURCES } from './source.ts';

type Progress = OutputOf<'memorySearch', 'get'>['memories'];

/** How many memories an environment has that can be embedded, and how far that is. */
export async function searchProgress(db: Kysely<Database>, environmentId: number): Promise<Progress> {
  const counts = SOURCES.map((source) => {
    const { table, isThere } = SOURCE_TABLES[source];
    return sql`select count(*) as total, count(*) filter (where embedded < g.generation) as pending
      from ${sql.table(table)}, g where environment_id = ${environmentId} and ${isThere}`;
  });
  const { rows } = await sql<{ total: number; pending: number; embedded: number }>`
    with g as (select coalesce((select generation from memory_search
      where environment_id = ${environmentId} and credential_id is not null), 2147483647) as generation)
    select sum(total)::int as total, sum(pending)::int as pending,
      (select count(*)::int from memory_vectors v, g
       where v.environment_id = ${environmentId} and v.generation = g.generation) as embedded
    from (${sql.join(counts, sql` union all `)}) as counts`.execute(db);
  const { total, pending, embedded } = rows[0] ?? { total: 0, pending: 0, embedded: 0 };
  // A memory that has changed keeps its old vector until there is a new one.
  const done = Math.min(embedded, total - pending);
  return { total, pending, embedded: done, skipped: total - pending - done };
}
