// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Workflows that clients of the Model Context Protocol may call.
    create table mcp_tools (
      workflow_id integer primary key references workflows on delete cascade,
      environment_id integer not null references environments on delete cascade,
      enabled boolean not null,
      tool_name text not null,
      description text not null,
      -- JSON Schema of the arguments; null: the workflow's own, else a text.
      input_schema json,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (environment_id, tool_name)
    );
  `.execute(db);
}
