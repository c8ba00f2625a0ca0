// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- One row per call of a model, tries that failed included. No foreign keys to runs and workflows: what was
    -- spent stays known when they are gone.
    create table llm_calls (
      id bigint generated always as identity primary key,
      environment_id integer not null references environments on delete cascade,
      workflow_id integer not null,
      execution_id uuid not null,
      root_id uuid not null,
      node_id text not null,
      scope text not null default '',
      -- Which call of a tool within the step; empty for the step itself.
      step_key text not null default '',
      trigger_kind text not null,
      provider text not null,
      model text not null,
      credential_id integer,
      -- 'running' until its end is known; a process that dies leaves it so.
      status text not null default 'running' check (status in ('running', 'ok', 'failed')),
      error_code text,
      -- Of the prompt, cached ones included.
      input_tokens integer not null default 0,
      cached_tokens integer not null default 0,
      output_tokens integer not null default 0,
      -- The provider did not say; counted by the length of the texts.
      is_estimated boolean not null default false,
      cost_usd numeric(16, 9) not null default 0,
      -- Null: the model has no price, so its cost is not known.
      price_version integer,
      -- What budgets count for it while it runs, until expires_at.
      reserved_tokens integer not null default 0,
      reserved_usd numeric(16, 9) not null default 0,
      expires_at timestamptz not null,
      started_at timestamptz not null default now(),
      duration_ms integer
    );
    create index llm_calls_execution on llm_calls (execution_id, node_id, scope);
    create index llm_calls_root on llm_calls (root_id);
    create index llm_calls_environment on llm_calls (environment_id, started_at)
      include (workflow_id, trigger_kind, status, input_tokens, output_tokens, cost_usd);
    create index llm_calls_workflow on llm_calls (workflow_id, started_at)
      include (environment_id, trigger_kind, status, input_tokens, output_tokens, cost_usd);

    -- US dollars per million tokens, by how the names of models begin. The highest version of a prefix counts.
    create table model_prices (
      prefix text not null,
      version integer generated always as identity,
      input_usd numeric(12, 6) not null,
      cached_input_usd numeric(12, 6) not null,
      output_usd numeric(12, 6) not null,
      -- As it was delivered.
      is_built_in boolean not null default false,
      -- The prefix has no price from here on.
      is_removed boolean not null default false,
      changed_by integer references users on delete set null,
      created_at timestamptz not null default now(),
      primary key (prefix, version)
    );

    -- What may be spent at most, by every run, in a day or in a month (both in UTC).
    create table budgets (
      id integer generated always as identity primary key,
      environment_id integer not null references environments on delete cascade,
      -- Null: all workflows of the environment together.
      workflow_id integer references workflows on delete cascade,
      -- Null: however the run was started.
      trigger_kind text,
      period text not null check (period in ('run', 'day', 'month')),
      max_tokens bigint check (max_tokens >= 0),
      max_usd numeric(14, 6) check (max_usd >= 0),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      check (max_tokens is not null or max_usd is not null),
      unique nulls not distinct (environment_id, workflow_id, trigger_kind, period)
    );
    create index budgets_workflow on budgets (workflow_id) where workflow_id is not null;
  `.execute(db);
  await sql`
    insert into model_prices (prefix, input_usd, cached_input_usd, output_usd, is_built_in) values
      ('gpt-5', 1.25, 0.125, 10, true),
      ('gpt-5-mini', 0.25, 0.025, 2, true),
      ('gpt-5-nano', 0.05, 0.005, 0.4, true),
      ('gpt-5-pro', 15, 15, 120, true),
      ('gpt-4.1', 2, 0.5, 8, true),
      ('gpt-4.1-mini', 0.4, 0.1, 1.6, true),
      ('gpt-4.1-nano', 0.1, 0.025, 0.4, true),
      ('gpt-4o', 2.5, 1.25, 10, true),
      ('gpt-4o-mini', 0.15, 0.075, 0.6, true),
      ('gpt-4-turbo', 10, 10, 30, true),
      ('gpt-4', 30, 30, 60, true),
      ('gpt-3.5-turbo', 0.5, 0.5, 1.5, true),
      ('o1', 15, 7.5, 60, true),
      ('o3', 2, 0.5, 8, true),
      ('o3-mini', 1.1, 0.55, 4.4, true),
      ('o4-mini', 1.1, 0.275, 4.4, true),
      ('text-embedding-3-small', 0.02, 0.02, 0, true),
      ('text-embedding-3-large', 0.13, 0.13, 0, true),
      ('claude-opus-4-5', 5, 0.5, 25, true),
      ('claude-opus-4', 15, 1.5, 75, true),
      ('claude-sonnet-4', 3, 0.3, 15, true),
      ('claude-haiku-4-5', 1, 0.1, 5, true),
      ('claude-3-7-sonnet', 3, 0.3, 15, true),
      ('claude-3-5-sonnet', 3, 0.3, 15, true),
      ('claude-3-5-haiku', 0.8, 0.08, 4, true),
      ('claude-3-opus', 15, 1.5, 75, true),
      ('claude-3-haiku', 0.25, 0.03, 1.25, true),
      ('glm-4.6', 0.6, 0.11, 2.2, true),
      ('glm-4.5', 0.6, 0.11, 2.2, true),
      ('glm-4.5-air', 0.2, 0.03, 1.1, true),
      ('glm-4.5-flash', 0, 0, 0, true)
  `.execute(db);
}
