// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index audit_events_created on audit_events (created_at);
    create index audit_events_action on audit_events (action, id);
    create index audit_events_actor on audit_events (actor_id, id);

    -- One link for every event, in the order of commits and without a gap. A link's hash is made of the one before it
    -- and of its event, so nothing can be changed, left out or slipped in without every later hash being wrong.
    create table audit_chain (
      n bigint primary key check (n > 0),
      event_id bigint not null unique,
      created_at timestamptz not null,
      hash bytea not null
    );

    create function audit_digest(previous bytea, e audit_events) returns bytea language sql stable as $$
      select sha256(previous || convert_to(json_build_array(e.id, e.environment_id, e.actor_id, e.actor_address,
        e.action, e.target, e.detail::text, (extract(epoch from e.created_at) * 1000000)::bigint)::text, 'UTF8'))
    $$;

    create function audit_link() returns trigger language plpgsql as $$
    declare
      last audit_chain;
    begin
      perform pg_advisory_xact_lock(hashtextextended('pipewright audit chain', 0));
      select * into last from audit_chain order by n desc limit 1;
      insert into audit_chain (n, event_id, created_at, hash) values (
        coalesce(last.n, 0) + 1, new.id, new.created_at, audit_digest(coalesce(last.hash, ''::bytea), new));
      return null;
    end $$;

    -- As late as can be: the lock is held for the commit only, and whoever waits for it is committing too, so waiting
    -- ends and never turns into a deadlock.
    create constraint trigger audit_events_link after insert on audit_events
      deferrable initially deferred for each row execute function audit_link();

    do $$
    declare
      e audit_events;
      last bytea := ''::bytea;
      place bigint := 0;
    begin
      for e in select * from audit_events order by id loop
        place := place + 1;
        last := audit_digest(last, e);
        insert into audit_chain (n, event_id, created_at, hash) values (place, e.id, e.created_at, last);
      end loop;
    end $$;

    create function audit_refuse() returns trigger language plpgsql as $$
    begin
      raise exception 'The audit log is only added to.' using errcode = 'insufficient_privilege';
    end $$;
    create function audit_refuse_young() returns trigger language plpgsql as $$
    begin
      if old.created_at >= now() - interval '365 days' then
        raise exception 'Audit events are kept for 365 days.' using errcode = 'insufficient_privilege';
      end if;
      return old;
    end $$;
    create trigger audit_events_append_only before update or truncate on audit_events
      for each statement execute function audit_refuse();
    create trigger audit_events_kept before delete on audit_events
      for each row execute function audit_refuse_young();
    create trigger audit_chain_append_only before update or delete or truncate on audit_chain
      for each statement execute function audit_refuse();
  `.execute(db);
}
