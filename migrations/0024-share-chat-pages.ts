// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table chat_pages
      -- What visitors from one network may use of the page's minute and day.
      add column network_percent integer not null default 50
        check (network_percent between 1 and 100);

    alter table chat_visits
      -- Where the visitor came from, as a name that cannot be turned back; empty for earlier visits.
      add column network text not null default '';
  `.execute(db);
}
