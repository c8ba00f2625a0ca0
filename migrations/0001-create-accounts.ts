// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table users (
      id integer generated always as identity primary key,
      uid uuid not null default gen_random_uuid() unique,
      username text not null,
      password_hash text,
      role text not null check (role in ('admin', 'normal')),
      first_name text not null default '',
      last_name text not null default '',
      mfa_enabled boolean not null default false,
      disabled_at timestamptz,
      created_at timestamptz not null default now()
    );
    create unique index users_username on users (lower(username));

    -- One row, taken by whoever finishes the first-run set-up; it outlives the users.
    create table setup (only_row boolean primary key default true check (only_row), done_at timestamptz not null default now());

    create table workspaces (
      id integer generated always as identity primary key,
      uid uuid not null default gen_random_uuid() unique,
      name text not null,
      created_at timestamptz not null default now()
    );
    create table environments (
      id integer generated always as identity primary key,
      uid uuid not null default gen_random_uuid() unique,
      workspace_id integer not null references workspaces on delete cascade,
      name text not null,
      created_at timestamptz not null default now(),
      unique (workspace_id, name)
    );
    create table memberships (
      environment_id integer not null references environments on delete cascade,
      user_id integer not null references users on delete cascade,
      role text not null check (role in ('viewer', 'operator', 'editor', 'admin', 'owner')),
      created_at timestamptz not null default now(),
      primary key (environment_id, user_id)
    );
    create index memberships_user on memberships (user_id);

    create table sessions (
      id integer generated always as identity primary key,
      user_id integer not null references users on delete cascade,
      token_hash bytea not null unique,
      user_agent text not null default '',
      created_at timestamptz not null default now(),
      last_used_at timestamptz not null default now(),
      expires_at timestamptz not null
    );
    create index sessions_user on sessions (user_id);

    create table api_keys (
      id integer generated always as identity primary key,
      user_id integer not null references users on delete cascade,
      environment_id integer references environments on delete cascade,
      kind text not null default 'key' check (kind in ('key', 'session')),
      name text not null,
      prefix text not null,
      key_hash bytea not null unique,
      is_active boolean not null default true,
      created_at timestamptz not null default now(),
      last_used_at timestamptz,
      expires_at timestamptz
    );
    create index api_keys_user on api_keys (user_id);

    create table login_throttles (
      subject text primary key,
      failures integer not null,
      window_started_at timestamptz not null,
      locked_until timestamptz
    );

    create table credentials (
      id integer generated always as identity primary key,
      uid uuid not null default gen_random_uuid() unique,
      environment_id integer not null references environments on delete cascade,
      owner_id integer not null references users on delete cascade,
      name text not null,
      type text not null check (type in ('llm', 'gateway', 'git', 'tool')),
      public_detail json not null,
      sealed bytea,
      key_id text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );

    create table audit_events (
      id bigint generated always as identity primary key,
      environment_id integer,
      actor_id integer,
      actor_address text,
      action text not null,
      target text,
      detail json not null,
      created_at timestamptz not null default now()
    );
  `.execute(db);
}
