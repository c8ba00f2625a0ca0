// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- What an environment may have, where that is not the usual: limits by name.
    alter table environments add column quotas json;

    -- Few runs fail, so these cost the others nothing; runs that live have an index of their own, and those that
    -- completed are all the rest.
    create index executions_failed on executions (environment_id, status, id) where status in ('failed', 'cancelled');
    create index executions_failed_anywhere on executions (status, id) where status in ('failed', 'cancelled');

    -- One row for every statement that removed runs: whoever remembers how many runs there were looks whether any
    -- have come since.
    create table run_removals (
      id bigint generated always as identity primary key,
      created_at timestamptz not null default now()
    );
    create function note_run_removal() returns trigger language plpgsql as $$
    begin
      insert into run_removals default values;
      return null;
    end $$;
    create trigger executions_removed after delete on executions
      for each statement execute function note_run_removal();
  `.execute(db);
}
