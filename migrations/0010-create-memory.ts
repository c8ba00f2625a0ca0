// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table memory_facts (
      id uuid primary key default uuidv7(),
      environment_id integer not null references environments on delete cascade,
      scope text not null check (scope in ('session', 'user', 'agent', 'global')),
      -- Whom it is about, as far as the scope asks for it.
      agent_id text,
      user_id text,
      session_id text,
      key text not null,
      value json not null,
      fact_type text not null check (fact_type in
        ('user_preference', 'world_knowledge', 'self_knowledge', 'correction', 'relationship')),
      confidence double precision not null default 1 check (confidence between 0 and 1),
      times_confirmed integer not null default 1,
      access_count integer not null default 0,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    -- A fact that is learned again is confirmed, not kept twice.
    create unique index memory_facts_place on memory_facts
      (environment_id, scope, coalesce(agent_id, ''), coalesce(user_id, ''), coalesce(session_id, ''), key);
    create index memory_facts_recent on memory_facts (updated_at desc, id desc);

    create table memory_episodes (
      id uuid primary key default uuidv7(),
      environment_id integer not null references environments on delete cascade,
      -- It outlives its workflow and its run.
      workflow_id integer references workflows on delete set null,
      execution_id uuid,
      agent_id text not null,
      user_id text,
      trigger_type text not null,
      success boolean not null,
      error_code text,
      summary text,
      -- What was said and done.
      detail json,
      started_at timestamptz not null,
      ended_at timestamptz,
      duration_ms integer,
      created_at timestamptz not null default now()
    );
    create index memory_episodes_recent on memory_episodes (started_at desc, id desc);
    create index memory_episodes_agent on memory_episodes (environment_id, agent_id, started_at desc);
    create index memory_episodes_workflow on memory_episodes (workflow_id);

    create table memory_procedures (
      id uuid primary key default uuidv7(),
      environment_id integer not null references environments on delete cascade,
      agent_id text not null,
      name text not null,
      description text not null default '',
      procedure_type text not null,
      -- When it fits, and what to do then.
      trigger_conditions json,
      content json,
      times_used integer not null default 0,
      times_succeeded integer not null default 0,
      times_failed integer not null default 0,
      is_active boolean not null default true,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (environment_id, agent_id, name)
    );
    create index memory_procedures_recent on memory_procedures (created_at desc, id desc);

    create table memory_users (
      id uuid primary key default uuidv7(),
      environment_id integer not null references environments on delete cascade,
      canonical_id text not null,
      display_name text,
      telegram_id text,
      email text,
      total_conversations integer not null default 0,
      last_seen_at timestamptz not null default now(),
      created_at timestamptz not null default now(),
      unique (environment_id, canonical_id)
    );
    create index memory_users_recent on memory_users (last_seen_at desc, id desc);

    -- States of agents' conversations, as an agent goes on from them.
    create table memory_checkpoints (
      thread_id text not null,
      checkpoint_ns text not null default '',
      checkpoint_id text not null,
      environment_id integer not null references environments on delete cascade,
      parent_checkpoint_id text,
      step integer,
      source text,
      state json not null,
      blob_size integer not null,
      created_at timestamptz not null default now(),
      primary key (thread_id, checkpoint_ns, checkpoint_id)
    );
    create index memory_checkpoints_recent on memory_checkpoints (checkpoint_id desc, thread_id, checkpoint_ns);

    create table chat_threads (
      id bigint generated always as identity primary key,
      -- What clients call it: <user id>:<workflow id> for somebody's main thread with a workflow.
      thread_id text not null unique,
      environment_id integer not null references environments on delete cascade,
      workflow_id integer not null references workflows on delete cascade,
      user_id integer not null references users on delete cascade,
      title text not null default '',
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create index chat_threads_of on chat_threads (user_id, workflow_id, updated_at desc);
    create index chat_threads_workflow on chat_threads (workflow_id);

    -- One row a turn.
    create table chat_messages (
      id bigint generated always as identity primary key,
      chat_thread_id bigint not null references chat_threads on delete cascade,
      role text not null check (role in ('user', 'assistant', 'system', 'tool')),
      text text not null,
      -- Attachments, or the calls of a turn of tools.
      detail json,
      execution_id uuid,
      node_id text,
      created_at timestamptz not null default now()
    );
    create index chat_messages_thread on chat_messages (chat_thread_id, id);
    -- A step that is tried again says nothing twice.
    create unique index chat_messages_once on chat_messages (chat_thread_id, execution_id, role, node_id)
      where execution_id is not null and node_id is not null and role in ('user', 'assistant');
  `.execute(db);
}
