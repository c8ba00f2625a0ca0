// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- What steps have done that must not be done twice: answers of models, calls of tools.
    create table step_calls (
      execution_id uuid not null,
      node_id text not null,
      scope text not null default '',
      key text not null,
      -- Order of recording.
      n bigint generated always as identity,
      kind text not null,
      title text not null,
      -- The node of the tool.
      tool_node text,
      request json,
      result json not null,
      is_error boolean not null default false,
      started_at timestamptz not null,
      finished_at timestamptz not null default now(),
      primary key (execution_id, node_id, scope, key)
    );
  `.execute(db);
}
