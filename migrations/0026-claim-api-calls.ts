// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- What steps have changed through the API: claimed before, completed with what was answered.
    create table api_calls (
      execution_id uuid not null,
      -- The same when the same step asks for the same again.
      key text not null,
      operation text not null,
      -- Null: it is under way, or the process died in it.
      status int,
      body json,
      claimed_at timestamptz not null default now(),
      primary key (execution_id, key)
    );
  `.execute(db);
}
