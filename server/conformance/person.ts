import { sql } from 'kysely';
import type { MemberRole } from '#domain/access/permission.ts';
import type { Connection } from '#server/db/connection.ts';
import { hashOf, randomSecret } from '#server/features/accounts/secret.ts';
import { createAccount } from '#server/features/accounts/setup.ts';

/** Somebody with a key. */
export interface Person {
  readonly username: string;
  readonly userId: number;
  readonly environmentId: number;
  readonly key: string;
}

/** An account with an environment of its own and a key. */
export async function addPerson(
  { db }: Connection,
  username: string,
  role: 'admin' | 'normal' = 'normal',
): Promise<Person> {
  const made = await db
    .transaction()
    .execute((trx) => createAccount(trx, { username, password_hash: '', role }));
  return { username, ...made, key: await addKey({ db }, { userId: made.userId }) };
}

export interface NewKey {
  readonly userId: number;
  /** The environment the key works in; the owner's own where it is absent. */
  readonly environmentId?: number;
  readonly state?: 'good' | 'revoked' | 'expired';
}

/** One more key of a user, of the kind that signing in hands out. */
export async function addKey(
  { db }: Pick<Connection, 'db'>,
  { userId, environmentId, state = 'good' }: NewKey,
): Promise<string> {
  const key = randomSecret();
  await db
    .insertInto('api_keys')
    .values({
      user_id: userId,
      environment_id: environmentId ?? null,
      kind: 'session',
      name: 'session',
      prefix: key.slice(0, 8),
      key_hash: hashOf(key),
      is_active: state !== 'revoked',
      expires_at: state === 'expired' ? new Date(Date.now() - 1000) : new Date(Date.now() + 3_600_000),
      last_used_at: sql`now()`,
    })
    .execute();
  return key;
}

/** Lets somebody into an environment; null takes them out of it. */
export async function setMember(
  { db }: Connection,
  { userId, environmentId }: Pick<Person, 'userId' | 'environmentId'>,
  role: MemberRole | null,
): Promise<void> {
  await db
    .deleteFrom('memberships')
    .where('user_id', '=', userId)
    .where('environment_id', '=', environmentId)
    .execute();
  if (role === null) return;
  await db
    .insertInto('memberships')
    .values({ user_id: userId, environment_id: environmentId, role })
    .execute();
}
