// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table schedules (
      id uuid primary key default gen_random_uuid(),
      environment_id integer not null,
      workflow_id integer not null references workflows on delete cascade,
      -- Null: the workflow's first schedule trigger.
      trigger_node_id integer references nodes on delete cascade,
      user_id integer not null,
      name text not null,
      description text not null default '',
      interval_seconds integer not null check (interval_seconds > 0),
      -- Null: the interval counts.
      cron text,
      timezone text not null default 'UTC',
      start_at timestamptz,
      end_at timestamptz,
      jitter_seconds integer not null default 0 check (jitter_seconds >= 0),
      misfire_policy text not null default 'once' check (misfire_policy in ('skip', 'once', 'all')),
      overlap_policy text not null default 'skip' check (overlap_policy in ('skip', 'queue', 'allow')),
      total_repeats integer not null default 0 check (total_repeats >= 0),
      max_retries integer not null default 3 check (max_retries >= 0),
      timeout_seconds integer not null default 600 check (timeout_seconds > 0),
      trigger_payload json,
      status text not null default 'active' check (status in ('active', 'paused', 'done', 'dead')),
      current_repeat integer not null default 0,
      current_retry integer not null default 0,
      run_count integer not null default 0,
      error_count integer not null default 0,
      last_error text not null default '',
      last_run_at timestamptz,
      -- The time the next fire is meant for, and the time it is made, which jitter puts off.
      next_fire_at timestamptz,
      next_run_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create index schedules_due on schedules (next_run_at) where status = 'active' and next_run_at is not null;
    create index schedules_list on schedules (environment_id, created_at, id);
    create index schedules_workflow on schedules (workflow_id);
    create index schedules_trigger_node on schedules (trigger_node_id) where trigger_node_id is not null;

    create table schedule_fires (
      schedule_id uuid not null references schedules on delete cascade,
      fire_at timestamptz not null,
      -- The record stands for every fire from fire_at to here.
      until_at timestamptz,
      outcome text not null check (outcome in ('starting', 'fired', 'queued', 'skipped_overlap', 'skipped_inactive',
        'misfired', 'backed_off', 'failed')),
      detail text not null default '',
      is_manual boolean not null default false,
      repeat_number integer,
      -- The run's idempotency key and payload, so that whoever starts it twice starts it once.
      run_key text unique,
      payload json,
      execution_id uuid,
      result text check (result in ('completed', 'failed', 'cancelled')),
      recorded_at timestamptz not null default now(),
      -- When a process last took it upon itself to start the run.
      claimed_at timestamptz,
      ended_at timestamptz,
      primary key (schedule_id, fire_at)
    );
    create index schedule_fires_pending on schedule_fires (outcome, claimed_at) where outcome in ('starting', 'queued');
    create index schedule_fires_open on schedule_fires (schedule_id)
      where ended_at is null and outcome in ('starting', 'queued', 'fired');
    create index schedule_fires_recorded on schedule_fires (recorded_at);
  `.execute(db);
}
