// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Which call of a tool within the step; empty: the step itself.
    alter table approvals add column call text not null default '';
    alter table approvals drop constraint approvals_execution_id_node_id_scope_key;
    alter table approvals add constraint approvals_place unique (execution_id, node_id, scope, call);
    alter table awaited_calls add column call text not null default '';
    alter table awaited_calls drop constraint awaited_calls_execution_id_node_id_scope_key;
    alter table awaited_calls add constraint awaited_calls_place unique (execution_id, node_id, scope, call);
  `.execute(db);
}
