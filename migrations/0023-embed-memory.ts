// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Which model turns the memories of an environment into vectors. Without a row, by none.
    create table memory_search (
      environment_id integer primary key references environments on delete cascade,
      -- Null: memories are found by their words only.
      credential_id integer references credentials on delete set null,
      -- Stays known when the credential is deleted; empty where nobody chose one.
      model text not null default '',
      -- Null: as many as the model makes.
      dimensions integer check (dimensions > 0),
      min_similarity double precision not null default 0.25 check (min_similarity between 0 and 1),
      -- Counts the models an environment has had: what belongs to an earlier one counts for nothing.
      generation integer not null default 1,
      -- One process embeds the memories of an environment at a time.
      claimed_until timestamptz,
      -- The provider failed, so often in a row.
      paused_until timestamptz,
      failures integer not null default 0,
      last_error text,
      updated_at timestamptz not null default now()
    );

    create table memory_vectors (
      id bigint generated always as identity primary key,
      -- What it is of: one of these.
      fact_id uuid unique references memory_facts on delete cascade,
      episode_id uuid unique references memory_episodes on delete cascade,
      procedure_id uuid unique references memory_procedures on delete cascade,
      environment_id integer not null references environments on delete cascade,
      generation integer not null,
      dimensions integer not null,
      -- Of length one.
      embedding real[] not null,
      -- On which side of as many planes it lies: near vectors differ in few bits.
      signature bit(512) not null,
      check (num_nonnulls(fact_id, episode_id, procedure_id) = 1)
    );
    -- Random digits do not get smaller by compression.
    alter table memory_vectors alter column embedding set storage external;
    create index memory_vectors_environment on memory_vectors (environment_id, generation);

    -- The generation their vector is of; what was written or changed since has none yet.
    alter table memory_facts add column embedded integer not null default 0;
    alter table memory_episodes add column embedded integer not null default 0;
    alter table memory_procedures add column embedded integer not null default 0;
    create index memory_facts_embedded on memory_facts (environment_id, embedded);
    create index memory_episodes_embedded on memory_episodes (environment_id, embedded) where ended_at is not null;
    create index memory_procedures_embedded on memory_procedures (environment_id, embedded);
  `.execute(db);
}
