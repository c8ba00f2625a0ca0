// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table llm_calls
      -- The run that everything began with, where that is not the root: it has started the root through the API.
      add column origin_id uuid,
      -- How that run was started. Null in rows of earlier versions.
      add column origin_kind text;
    create index llm_calls_origin on llm_calls (coalesce(origin_id, root_id));
    -- The run that asked for a fire by hand, and how deep it is; null: a person, or the clock.
    alter table schedule_fires add column origin json;
  `.execute(db);
}
