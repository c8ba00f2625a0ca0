import { type RawBuilder, sql } from 'kysely';
import type { MemberRole } from '#domain/access/permission.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { SharedReads } from '#server/db/shared-read.ts';
import type { Viewer } from '../handler.ts';
import { hashOf } from './secret.ts';

/** A browser session ends after a day without use, and after 30 days in any case. */
export const SESSION_IDLE_SECONDS = 24 * 3600;
export const SESSION_SECONDS = 30 * 24 * 3600;
const TOUCH_SECONDS = 60;

/** Turns what a caller shows into who that is. Every method throws AppError `unauthenticated` otherwise. */
export interface Identities {
  byKey(key: string): Promise<Viewer>;
  bySession(token: string): Promise<Viewer>;
  /** Whether a viewer let in earlier would still be let in now. */
  stillValid(viewer: Viewer): Promise<boolean>;
}

const refused = (text: string): AppError => new AppError('unauthenticated', text);

export function createIdentities(db: Db): Identities {
  // A busy client asks about the same key over and over: those who ask together are answered together.
  const keys = new SharedReads<Viewer>();
  const sessions = new SharedReads<Viewer>();
  return {
    byKey: (key) => keys.read(key, () => byKey(db, key)),
    bySession: (token) => sessions.read(token, () => bySession(db, token)),
    stillValid: (viewer) => stillValid(db, viewer),
  };
}

/** The environment someone works in when the credential names none: their own, the oldest they own. */
const ownEnvironment = sql<number | null>`(
  select m.environment_id from memberships m where m.user_id = users.id and m.role = 'owner'
  order by m.environment_id limit 1)`;
const roleIn = (environment: RawBuilder<number | null>) =>
  sql<MemberRole | null>`(
  select m.role from memberships m where m.user_id = users.id and m.environment_id = ${environment})`;
const keyEnvironment = sql<number | null>`coalesce(api_keys.environment_id, ${ownEnvironment})`;
const untouched = (column: string) =>
  sql<boolean>`coalesce(${sql.ref(column)} < now() - make_interval(secs => ${TOUCH_SECONDS}), true)`;

async function byKey(db: Db, key: string): Promise<Viewer> {
  const row = await db
    .selectFrom('api_keys')
    .leftJoin('users', 'users.id', 'api_keys.user_id')
    .select([
      'api_keys.id',
      'api_keys.is_active',
      'users.id as userId',
      'users.username',
      'users.role',
      'users.disabled_at',
      sql<boolean>`coalesce(api_keys.expires_at <= now(), false)`.as('expired'),
      keyEnvironment.as('environmentId'),
      roleIn(keyEnvironment).as('memberRole'),
      untouched('api_keys.last_used_at').as('untouched'),
    ])
    .where('api_keys.key_hash', '=', hashOf(key))
    .executeTakeFirst();
  if (!row) throw refused('Invalid or missing API key.');
  if (!row.is_active) throw refused('API key has been revoked.');
  if (row.expired) throw refused('API key has expired.');
  const viewer = viewerOf(row, 'key');
  if (row.untouched)
    touch(db.updateTable('api_keys').set({ last_used_at: sql`now()` }).where('id', '=', row.id));
  return viewer;
}

async function bySession(db: Db, token: string): Promise<Viewer> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select([
      'sessions.id',
      'users.id as userId',
      'users.username',
      'users.role',
      'users.disabled_at',
      ownEnvironment.as('environmentId'),
      roleIn(ownEnvironment).as('memberRole'),
      untouched('sessions.last_used_at').as('untouched'),
    ])
    .where('sessions.token_hash', '=', hashOf(token))
    .where('sessions.expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  if (!row) throw refused('Not authenticated');
  const viewer = viewerOf(row, 'session');
  if (row.untouched) {
    const expires_at = sql<Date>`least(created_at + make_interval(secs => ${SESSION_SECONDS}),
      now() + make_interval(secs => ${SESSION_IDLE_SECONDS}))`;
    touch(db.updateTable('sessions').set({ last_used_at: sql`now()`, expires_at }).where('id', '=', row.id));
  }
  return viewer;
}

interface Row {
  readonly id: number;
  readonly userId: number | null;
  readonly username: string | null;
  readonly role: 'admin' | 'normal' | null;
  readonly disabled_at: Date | null;
  readonly environmentId: number | null;
  readonly memberRole: MemberRole | null;
}

function viewerOf(row: Row, kind: 'key' | 'session'): Viewer {
  const { userId, username, role, environmentId, memberRole } = row;
  if (userId === null || username === null || role === null || row.disabled_at !== null) {
    throw refused('User not found.');
  }
  if (environmentId === null) throw refused('User not found.');
  return { userId, username, role, environmentId, memberRole, credential: { kind, id: row.id } };
}

/** Best effort: a request does not wait for its own trace, nor fail for it. */
function touch(query: { execute(): Promise<unknown> }): void {
  query.execute().catch(() => undefined);
}

async function stillValid(db: Db, viewer: Viewer): Promise<boolean> {
  const { kind, id } = viewer.credential;
  const table = kind === 'key' ? 'api_keys' : 'sessions';
  const { rows } = await sql<{ role: string; memberRole: string | null }>`
    select users.role, (
      select m.role from memberships m
      where m.user_id = users.id and m.environment_id = ${viewer.environmentId}) as "memberRole"
    from ${sql.table(table)} c join users on users.id = c.user_id
    where c.id = ${id} and users.disabled_at is null and coalesce(c.expires_at > now(), true)
      ${kind === 'key' ? sql`and c.is_active` : sql``}
  `.execute(db);
  return rows[0]?.role === viewer.role && rows[0].memberRole === viewer.memberRole;
}
