// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table epics (
      id text primary key,
      environment_id integer not null references environments on delete cascade,
      user_id integer references users on delete set null,
      title text not null,
      description text not null default '',
      tags text[] not null default '{}',
      created_by_node_id text,
      workflow_id integer references workflows on delete set null,
      status text not null default 'planning'
        check (status in ('planning', 'active', 'paused', 'completed', 'failed', 'cancelled')),
      priority integer not null default 2,
      -- Tokens as floating point: exact up to 2^53, and a number on the wire.
      budget_tokens double precision check (budget_tokens >= 0),
      budget_usd double precision check (budget_usd >= 0),
      spent_tokens double precision not null default 0,
      spent_usd double precision not null default 0,
      agent_overhead_tokens double precision not null default 0,
      agent_overhead_usd double precision not null default 0,
      total_tasks integer not null default 0,
      completed_tasks integer not null default 0,
      failed_tasks integer not null default 0,
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp(),
      completed_at timestamptz,
      result_summary text
    );
    create index epics_list on epics (environment_id, created_at desc, id desc);
    create index epics_workflow on epics (workflow_id) where workflow_id is not null;
    create index epics_user on epics (user_id) where user_id is not null;

    create table tasks (
      id text primary key,
      epic_id text not null references epics on delete cascade,
      title text not null,
      description text not null default '',
      tags text[] not null default '{}',
      created_by_node_id text,
      status text not null default 'pending'
        check (status in ('pending', 'blocked', 'running', 'completed', 'failed', 'cancelled')),
      priority integer not null default 2,
      workflow_id integer references workflows on delete set null,
      execution_id uuid references executions on delete set null,
      workflow_source text not null default 'inline',
      depends_on text[] not null default '{}',
      requirements json,
      estimated_tokens double precision,
      actual_tokens double precision not null default 0,
      actual_usd double precision not null default 0,
      llm_calls integer not null default 0,
      tool_invocations integer not null default 0,
      duration_ms double precision not null default 0,
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp(),
      started_at timestamptz,
      completed_at timestamptz,
      result_summary text,
      error_message text,
      retry_count integer not null default 0,
      max_retries integer not null default 2,
      notes json not null default '[]',
      -- The linked run has not been taken into account yet.
      awaits_run boolean not null default false
    );
    create index tasks_epic on tasks (epic_id, created_at desc, id desc);
    create index tasks_workflow on tasks (workflow_id) where workflow_id is not null;
    create index tasks_execution on tasks (execution_id) where execution_id is not null;
    create index tasks_awaiting on tasks (execution_id) where awaits_run;
  `.execute(db);
}
