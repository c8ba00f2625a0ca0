// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Agents hold keys, have no password, and belong to whoever made them.
    alter table users
      add column kind text not null default 'human' check (kind in ('human', 'agent')),
      add column purpose text not null default '',
      add column created_by integer references users on delete set null;
    create index users_agents on users (created_by, id) where kind = 'agent';

    alter table api_keys
      -- What whoever signed in called itself; only for login keys.
      add column user_agent text not null default '',
      -- The key's last 8 characters; only for keys of agents.
      add column suffix text;

    -- TOTP secrets: at most one that is in use and one that is being set up.
    create table mfa_secrets (
      user_id integer not null references users on delete cascade,
      state text not null check (state in ('pending', 'active')),
      sealed bytea not null,
      key_id text not null,
      created_at timestamptz not null default now(),
      primary key (user_id, state)
    );

    -- What codes have been tried. Locked first by whatever touches a user's MFA.
    create table mfa_attempts (
      user_id integer primary key references users on delete cascade,
      -- The last time step spent, by purpose.
      login_step integer not null default 0,
      disable_step integer not null default 0,
      renew_step integer not null default 0,
      -- In a row.
      failures integer not null default 0,
      -- Since window_started_at.
      recent_failures integer not null default 0,
      window_started_at timestamptz not null default now(),
      locked_until timestamptz
    );

    create table mfa_recovery_codes (
      user_id integer not null references users on delete cascade,
      code_hash bytea not null,
      primary key (user_id, code_hash)
    );

    -- Right passwords whose code is still to come.
    create table mfa_grants (
      user_id integer not null references users on delete cascade,
      address text not null,
      tries integer not null default 0,
      expires_at timestamptz not null,
      primary key (user_id, address)
    );
    create index mfa_grants_expiry on mfa_grants (expires_at);

    -- However many attempts fail, a subject gets one line a minute.
    create unique index audit_events_failures
      on audit_events (action, target, date_trunc('minute', created_at at time zone 'UTC'))
      where action in ('sign_in_failed', 'mfa_failed');
  `.execute(db);
}
