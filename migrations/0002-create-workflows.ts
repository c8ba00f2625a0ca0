// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table workflows (
      id integer generated always as identity primary key,
      uid uuid not null default gen_random_uuid() unique,
      environment_id integer not null references environments on delete cascade,
      owner_id integer not null references users on delete cascade,
      kind text not null default 'workflow' check (kind in ('workflow', 'pipeline', 'action', 'pipe')),
      name text not null,
      slug text not null unique,
      description text not null default '',
      is_active boolean not null default true,
      is_public boolean not null default false,
      is_default boolean not null default false,
      tags json,
      error_handler_workflow_id integer references workflows on delete set null,
      max_execution_seconds integer not null default 600 check (max_execution_seconds > 0),
      input_schema json,
      output_schema json,
      revision integer not null default 0,
      next_edge_id integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create index workflows_environment on workflows (environment_id, id);

    create table workflow_versions (
      id integer generated always as identity primary key,
      workflow_id integer not null references workflows on delete cascade,
      n integer not null,
      revision integer not null,
      graph json not null,
      checksum text not null,
      created_at timestamptz not null default now(),
      unique (workflow_id, n),
      unique (workflow_id, revision)
    );

    create table nodes (
      id integer generated always as identity primary key,
      workflow_id integer not null references workflows on delete cascade,
      node_id text not null,
      type text not null,
      label text,
      x double precision not null,
      y double precision not null,
      config json not null,
      settings json not null,
      api_fields json not null,
      updated_at timestamptz not null default now(),
      unique (workflow_id, node_id)
    );

    -- Edges may name nodes that are not there (yet); validation reports them, so there is no foreign key.
    create table edges (
      workflow_id integer not null references workflows on delete cascade,
      id integer not null,
      source text not null,
      source_port text not null,
      target text not null,
      target_port text not null,
      priority integer not null default 0,
      api_fields json not null,
      primary key (workflow_id, id)
    );

    create table graph_changes (
      workflow_id integer not null references workflows on delete cascade,
      revision integer not null,
      actor_id integer,
      commands json not null,
      created_at timestamptz not null default now(),
      primary key (workflow_id, revision)
    );

    create table webhooks (
      token text primary key,
      workflow_id integer not null references workflows on delete cascade,
      node_id text not null,
      unique (workflow_id, node_id)
    );
  `.execute(db);
}
