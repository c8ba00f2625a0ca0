import { sql, type Transaction } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import { SESSION_IDLE_SECONDS, SESSION_SECONDS } from './identity.ts';
import { hashOf, randomSecret } from './secret.ts';

type Executor = Db | Transaction<Database>;

const after = (seconds: number) => sql<Date>`now() + make_interval(secs => ${seconds})`;

export interface NewKey {
  readonly userId: number;
  readonly name: string;
  readonly kind: 'key' | 'session';
  readonly expiresAt: Date | null;
  /** Null: the one the owner works in. */
  readonly environmentId?: number;
  readonly userAgent?: string;
  /** Keeps the key's end to be shown in lists. */
  readonly keepSuffix?: boolean;
}

/** Stores a new key; its text leaves the server this once. */
export async function issueKey(db: Executor, wanted: NewKey) {
  const { userId, name, kind, expiresAt } = wanted;
  const key = randomSecret();
  const row = await db
    .insertInto('api_keys')
    .values({
      user_id: userId,
      environment_id: wanted.environmentId ?? null,
      kind,
      name,
      prefix: key.slice(0, 8),
      key_hash: hashOf(key),
      expires_at: expiresAt,
      user_agent: wanted.userAgent ?? '',
      suffix: wanted.keepSuffix ? key.slice(-8) : null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { key, row };
}

/** The key handed out for a password: named `session`, good for 30 days. */
export async function issueLoginKey(db: Executor, userId: number, userAgent = ''): Promise<string> {
  const expiresAt = new Date(Date.now() + SESSION_SECONDS * 1000);
  const { key } = await issueKey(db, { userId, name: 'session', kind: 'session', expiresAt, userAgent });
  return key;
}

/** A browser session; the user's old ones that are over go. @returns the cookie's value. */
export async function issueSession(db: Executor, userId: number, userAgent: string): Promise<string> {
  const token = randomSecret();
  const over = db.deleteFrom('sessions').where('user_id', '=', userId);
  await over.where('expires_at', '<', sql<Date>`now()`).execute();
  await db
    .insertInto('sessions')
    .values({
      user_id: userId,
      token_hash: hashOf(token),
      user_agent: userAgent,
      expires_at: after(SESSION_IDLE_SECONDS),
    })
    .execute();
  return token;
}
