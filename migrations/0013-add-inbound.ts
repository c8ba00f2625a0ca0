// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- People the message gateway speaks for.
    create table external_identities (
      id integer generated always as identity primary key,
      protocol text not null,
      external_id text not null,
      user_id integer not null unique references users on delete cascade,
      username text,
      display_name text,
      created_at timestamptz not null default now(),
      last_seen_at timestamptz not null default now(),
      unique (protocol, external_id)
    );

    -- Questions a message can answer: those of runs a message started, and only from the chat it came from.
    create table pending_confirmations (
      id text primary key check (id ~ '^[0-9a-f]{8}$'),
      approval_id bigint not null unique references approvals on delete cascade,
      credential_id text not null,
      chat_id text not null,
      expires_at timestamptz not null,
      created_at timestamptz not null default now()
    );
  `.execute(db);
}
