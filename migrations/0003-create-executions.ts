// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table executions (
      id uuid primary key,
      environment_id integer not null,
      workflow_id integer not null references workflows on delete cascade,
      workflow_version_id integer not null,
      started_by integer,
      trigger_node text not null,
      trigger_kind text not null,
      parent_id uuid,
      parent_node text,
      root_id uuid not null,
      depth integer not null default 0,
      priority integer not null default 0,
      status text not null check (status in ('queued', 'running', 'waiting', 'completed', 'failed', 'cancelled')),
      trigger json not null,
      output json,
      reply json,
      error json,
      idempotency_key text,
      deadline_at timestamptz,
      cancel_requested_at timestamptz,
      owner uuid,
      owner_token integer not null default 0,
      next_seq integer not null default 1,
      losses integer not null default 0,
      created_at timestamptz not null,
      started_at timestamptz,
      finished_at timestamptz
    ) with (fillfactor = 80);
    create index executions_list on executions (environment_id, id);
    create index executions_workflow on executions (workflow_id, id);
    create index executions_live on executions (created_at) where status in ('queued', 'running', 'waiting');
    create index executions_owner on executions (owner) where owner is not null;
    create index executions_parent on executions (parent_id) where parent_id is not null;
    create unique index executions_idempotency on executions (workflow_id, idempotency_key) where idempotency_key is not null;

    -- Steps, events and their executions are deleted together by the product itself: a foreign key would cost a
    -- look-up for every recorded step, on the hottest path there is.
    create table steps (
      execution_id uuid not null,
      node_id text not null,
      scope text not null default '',
      attempt integer not null,
      n integer not null,
      status text not null check (status in ('success', 'failed', 'skipped', 'waiting', 'cancelled')),
      resume_at timestamptz,
      input json,
      output json,
      error json,
      logs json,
      started_at timestamptz not null,
      finished_at timestamptz,
      primary key (execution_id, node_id, scope, attempt)
    );

    create table event_chunks (
      id bigint generated always as identity primary key,
      execution_id uuid not null,
      first_seq integer not null,
      last_seq integer not null,
      events json not null,
      created_at timestamptz not null default now(),
      unique (execution_id, first_seq)
    );

    -- Written once and read rarely: compressing these would cost more than the space is worth.
    alter table executions alter trigger set storage external;
    alter table steps alter input set storage external, alter output set storage external;
    alter table event_chunks alter events set storage external;

    create table approvals (
      id bigint generated always as identity primary key,
      execution_id uuid not null,
      node_id text not null,
      scope text not null default '',
      token_hash bytea not null unique,
      needed integer not null default 1,
      expires_at timestamptz,
      decided_at timestamptz,
      decision json,
      created_at timestamptz not null default now()
    );
    create index approvals_execution on approvals (execution_id);

    create table processes (
      id uuid primary key,
      lock_key integer generated always as identity unique,
      role text not null,
      graphile_ids json not null,
      started_at timestamptz not null default now()
    );
  `.execute(db);
}
