// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table webhooks
      -- The secret its callers sign with or show; without one, an address that asks for it takes nothing.
      add column sealed bytea,
      add column key_id text,
      add column secret_changed_at timestamptz;

    -- A delivery that comes again under a new signature belongs to the run its first signature started.
    create table webhook_deliveries (
      mark bytea primary key,
      run_key text not null,
      created_at timestamptz not null default now()
    );
    create index webhook_deliveries_created on webhook_deliveries (created_at);

    -- Good for one connection each, within seconds.
    create table socket_tickets (
      token_hash bytea primary key,
      viewer json not null,
      expires_at timestamptz not null
    );
    create index socket_tickets_expires on socket_tickets (expires_at);
  `.execute(db);
}
