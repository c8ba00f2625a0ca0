// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table credentials
      -- Null: the host of its provider.
      add column hosts text[],
      add column last_used_at timestamptz,
      add column last_test_at timestamptz,
      add column last_test_ok boolean,
      add column last_test_error text;
    create index credentials_list on credentials (environment_id, id);
    create unique index credentials_gateway_id on credentials ((public_detail->>'gateway_credential_id'))
      where type = 'gateway';

    -- Which nodes refer to a credential; kept in step with the graph.
    create table credential_uses (
      credential_id integer not null references credentials on delete cascade,
      workflow_id integer not null references workflows on delete cascade,
      node_id text not null,
      primary key (credential_id, workflow_id, node_id)
    );
    create index credential_uses_workflow on credential_uses (workflow_id);

    -- A known text under the installation's key: tells at start whether this is still that key.
    create table sealing_checks (
      only_row boolean primary key default true check (only_row),
      sealed bytea not null,
      key_id text not null,
      created_at timestamptz not null default now()
    );
  `.execute(db);
}
