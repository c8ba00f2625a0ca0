import { sql, type Transaction } from 'kysely';
import type { Database } from '#server/db/schema.ts';

type Trx = Transaction<Database>;

const GRANT_SECONDS = 5 * 60;
const TRIES = 5;

/**
 * Notes that the right password has come from this address. Signing in with a code works only from there, within
 * five minutes and five tries, and once.
 */
export async function openGrant(trx: Trx, userId: number, address: string): Promise<void> {
  const expires_at = sql<Date>`now() + make_interval(secs => ${GRANT_SECONDS})`;
  await sweep(trx);
  await trx
    .insertInto('mfa_grants')
    .values({ user_id: userId, address, expires_at })
    .onConflict((conflict) => conflict.columns(['user_id', 'address']).doUpdateSet({ expires_at, tries: 0 }))
    .execute();
}

/**
 * Who has given the right password from this address and may still try a code. Locks nothing and asks the same for
 * everybody, so that callers without a password neither hold up the account nor learn that there is one.
 */
export function grantHolder(trx: Trx, { username, address }: { username: string; address: string }) {
  return trx
    .selectFrom('users')
    .innerJoin('mfa_grants', 'mfa_grants.user_id', 'users.id')
    .select(['users.id', 'users.username'])
    .where(sql<string>`lower(username)`, '=', sql<string>`lower(${username})`)
    .where('mfa_enabled', '=', true)
    .where('disabled_at', 'is', null)
    .where('address', '=', address)
    .where('expires_at', '>', sql<Date>`now()`)
    .where('tries', '<', TRIES)
    .executeTakeFirst();
}

/** Takes one of the tries. @returns false when there is no grant, or none that is any good. */
export async function takeTry(trx: Trx, userId: number, address: string): Promise<boolean> {
  const taken = await trx
    .updateTable('mfa_grants')
    .set({ tries: sql`tries + 1` })
    .where('user_id', '=', userId)
    .where('address', '=', address)
    .where('expires_at', '>', sql<Date>`now()`)
    .where('tries', '<', TRIES)
    .returning('user_id')
    .executeTakeFirst();
  return taken !== undefined;
}

/** The grant has been used. */
export async function closeGrant(trx: Trx, userId: number, address: string): Promise<void> {
  await trx.deleteFrom('mfa_grants').where('user_id', '=', userId).where('address', '=', address).execute();
}

/** Ends every sign-in of a user that waits for its code. */
export async function closeGrants(trx: Trx, userId: number): Promise<void> {
  await trx.deleteFrom('mfa_grants').where('user_id', '=', userId).execute();
}

/** Removes some that are over; what somebody else has in hand is left for another time. */
async function sweep(trx: Trx): Promise<void> {
  await sql`
    delete from mfa_grants where (user_id, address) in (
      select user_id, address from mfa_grants where expires_at < now() limit 20 for update skip locked)
  `.execute(trx);
}
