import { sql, type Transaction } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import { audit } from './audit.ts';
import { removeMfa } from './mfa-factor.ts';
import { hashPassword } from './password.ts';
import { randomSecret } from './secret.ts';
import { endSessions } from './session-end.ts';
import { accountOf } from './throttle.ts';

/** What whoever has the machine in hand does to an account; they need no account themselves. */
type Change = (
  trx: Transaction<Database>,
  user: { readonly id: number; readonly username: string },
) => Promise<void>;

const ADDRESS = 'command line';

/** Turns MFA off and signs out everywhere. @returns false when there is no such user. */
export function resetMfaFor(db: Db, username: string): Promise<boolean> {
  return onUser(db, username, async (trx, user) => {
    await removeMfa(trx, user.id);
    await endSessions(trx, user.id, null);
    await audit(trx, { action: 'mfa_reset', actorId: null, address: ADDRESS, target: user.username });
  });
}

/**
 * Sets a random password, forgets failed sign-ins and signs out everywhere. MFA stays as it is.
 * @returns the password; null when there is no such user.
 */
export async function resetPasswordFor(db: Db, username: string): Promise<string | null> {
  const password = randomSecret().slice(0, 20);
  const password_hash = await hashPassword(password);
  const found = await onUser(db, username, async (trx, user) => {
    await trx.updateTable('users').set({ password_hash }).where('id', '=', user.id).execute();
    await trx.deleteFrom('login_throttles').where('subject', '=', accountOf(user.username)).execute();
    await endSessions(trx, user.id, null);
    await audit(trx, { action: 'password_changed', actorId: null, address: ADDRESS, target: user.username });
  });
  return found ? password : null;
}

function onUser(db: Db, username: string, change: Change): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const user = await trx
      .selectFrom('users')
      .select(['id', 'username'])
      .where(sql<string>`lower(username)`, '=', sql<string>`lower(${username})`)
      .where('kind', '=', 'human')
      .executeTakeFirst();
    if (user) await change(trx, user);
    return user !== undefined;
  });
}
