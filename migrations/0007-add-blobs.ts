// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- JSON of steps that is too large for their rows, once for every content.
    create table blobs (
      -- SHA-256 of the text.
      hash bytea primary key,
      body text not null,
      bytes integer not null,
      -- When a step last referred to it: what was a moment ago is not removed.
      touched_at timestamptz not null default now()
    );
    alter table blobs alter body set storage external;

    alter table steps add column input_hash bytea, add column output_hash bytea;
    create index steps_input_hash on steps (input_hash) where input_hash is not null;
    create index steps_output_hash on steps (output_hash) where output_hash is not null;
  `.execute(db);
}
