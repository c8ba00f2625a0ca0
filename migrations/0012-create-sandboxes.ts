// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Folders programs work in. The API calls them workspaces; that name has another meaning here.
    create table sandboxes (
      id integer generated always as identity primary key,
      uid uuid not null unique default uuidv7(),
      environment_id integer not null references environments on delete cascade,
      owner_id integer not null references users on delete cascade,
      name text not null,
      -- A label for people; the folder is named by the uid.
      path text not null,
      allow_network boolean not null default false,
      is_default boolean not null default false,
      -- Names and sources; the values are in the sealed part.
      variables json not null default '[]',
      sealed bytea,
      key_id text,
      created_at timestamptz not null default now()
    );
    create index sandboxes_owner on sandboxes (owner_id, id);
    -- Everybody has a default one of their own.
    create unique index sandboxes_name on sandboxes (name) where not is_default;
    create unique index sandboxes_default on sandboxes (owner_id) where is_default;

    -- What administrators changed of the configuration; what is not here is as the environment says.
    create table settings (
      name text primary key,
      value json,
      -- In place of the value, where it may hold a password.
      sealed bytea,
      key_id text,
      updated_at timestamptz not null default now()
    );

    -- When a process was last seen alive by itself.
    alter table processes add column seen_at timestamptz not null default now();
  `.execute(db);
}
