// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The table of 0003 was never written to.
    drop table approvals;
    create table approvals (
      id bigint generated always as identity primary key,
      execution_id uuid not null,
      node_id text not null,
      scope text not null default '',
      environment_id integer not null,
      workflow_id integer not null references workflows on delete cascade,
      -- Who started the run.
      started_by integer,
      prompt text not null,
      -- Usernames and roles; empty: everybody who may operate the workflow.
      approvers text[] not null,
      needed integer not null check (needed > 0),
      allow_self boolean not null,
      expires_at timestamptz,
      decided_at timestamptz,
      decision json,
      created_at timestamptz not null default now(),
      unique (execution_id, node_id, scope)
    );
    create index approvals_open on approvals (environment_id, id) where decided_at is null;

    -- One answer of one person (or of the holder of a link).
    create table approval_votes (
      approval_id bigint not null references approvals on delete cascade,
      voter text not null,
      user_id integer,
      confirmed boolean not null,
      response text not null,
      created_at timestamptz not null default now(),
      primary key (approval_id, voter)
    );

    -- Addresses that answer without signing in, once each.
    create table approval_links (
      token_hash bytea primary key,
      approval_id bigint not null references approvals on delete cascade,
      holder text not null,
      used_at timestamptz
    );
    create index approval_links_approval on approval_links (approval_id);

    -- Addresses a waiting step goes on by.
    create table awaited_calls (
      token_hash bytea primary key,
      execution_id uuid not null,
      node_id text not null,
      scope text not null default '',
      expires_at timestamptz,
      called_at timestamptz,
      created_at timestamptz not null default now(),
      unique (execution_id, node_id, scope)
    );
  `.execute(db);
}
