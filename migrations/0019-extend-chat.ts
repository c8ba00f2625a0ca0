// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table chat_threads
      alter column user_id drop not null,
      -- Somebody without an account, by the name the hosted page gave them.
      add column visitor_id text,
      add constraint chat_threads_somebody check (user_id is not null or visitor_id is not null);
    create index chat_threads_visitor on chat_threads (visitor_id, workflow_id) where visitor_id is not null;

    alter table chat_messages
      -- Why there is no real answer; null for every other message.
      add column error_code text;
    create index chat_messages_page on chat_messages (chat_thread_id, created_at, id);
    -- A run is asked once and answers once.
    create unique index chat_messages_of_run on chat_messages (execution_id, role)
      where execution_id is not null and node_id is null and role in ('user', 'assistant');

    create table chat_attachments (
      id uuid primary key default gen_random_uuid(),
      chat_message_id bigint not null references chat_messages on delete cascade,
      -- The order they were given in.
      n integer not null,
      filename text not null,
      media_type text not null,
      size_bytes integer not null,
      content bytea not null
    );
    create index chat_attachments_message on chat_attachments (chat_message_id, n);

    -- How a workflow chats with people who have no account.
    create table chat_pages (
      workflow_id integer primary key references workflows on delete cascade,
      environment_id integer not null references environments on delete cascade,
      page_id text not null unique,
      enabled boolean not null,
      embed_enabled boolean not null,
      allowed_origins text[] not null,
      title text not null,
      welcome text not null,
      suggestions text[] not null,
      attachments_enabled boolean not null,
      visitor_per_minute integer not null,
      page_per_minute integer not null,
      daily_tokens bigint not null,
      daily_usd numeric(12, 6) not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );

    -- One row for every run a visitor started: what limits and budgets are counted by.
    create table chat_visits (
      execution_id uuid primary key,
      workflow_id integer not null references workflows on delete cascade,
      visitor_id text not null,
      created_at timestamptz not null default now()
    );
    create index chat_visits_page on chat_visits (workflow_id, created_at);
    create index chat_visits_visitor on chat_visits (visitor_id, created_at);

    -- What is to be said in chats of the message gateway, each until it has been taken.
    create table chat_deliveries (
      id bigint generated always as identity primary key,
      environment_id integer not null references environments on delete cascade,
      execution_id uuid not null,
      -- Tells what one run says apart, so that nothing is said twice.
      key text not null,
      credential_id text not null,
      chat_id text not null,
      text text not null,
      status text not null default 'pending' check (status in ('pending', 'sent', 'failed')),
      attempts integer not null default 0,
      next_at timestamptz not null default now(),
      last_error text,
      created_at timestamptz not null default now(),
      sent_at timestamptz,
      unique (execution_id, key)
    );
    create index chat_deliveries_due on chat_deliveries (next_at) where status = 'pending';
  `.execute(db);
}
