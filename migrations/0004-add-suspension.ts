// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table executions
      -- What a debugging run reuses, overrides or leaves out.
      add column options json,
      -- The step of the parent run that waits for this one.
      add column parent_scope text not null default '',
      add column parent_source text,
      -- A person is waited for.
      add column interrupted boolean not null default false,
      -- Waits for a slot of its workflow or environment, without a job.
      add column held boolean not null default false,
      -- When a waiting run has to be gone on with even if nothing signals.
      add column wake_at timestamptz;
    create index executions_wake on executions (wake_at) where status = 'waiting' and wake_at is not null;
    create index executions_held on executions (workflow_id, priority, id) where held;

    alter table steps
      -- Why and how the step was suspended: what a restart needs to go on.
      add column suspension json,
      -- Order of recording of its end, where that is not the one of its suspension.
      add column end_n integer;

    -- What suspended steps have been told. The first signal of a source counts.
    create table signals (
      execution_id uuid not null,
      node_id text not null,
      scope text not null default '',
      source text not null,
      value json not null,
      created_at timestamptz not null default now(),
      primary key (execution_id, node_id, scope, source)
    );

    -- Runs of workflows or environments that may only run so many at once hold a row each while they are driven.
    create table run_slots (
      key text not null,
      execution_id uuid not null,
      primary key (key, execution_id)
    );
    create index run_slots_execution on run_slots (execution_id);

    alter table workflows
      add column max_concurrent_runs integer check (max_concurrent_runs > 0),
      add column priority integer not null default 0 check (priority between -100 and 100),
      -- Whether time spent waiting counts against max_execution_seconds.
      add column deadline_counts_waits boolean not null default false;
    alter table environments add column max_concurrent_runs integer check (max_concurrent_runs > 0);
  `.execute(db);
}
