import { randomBytes } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';

/** Who sent a message, as the gateway names them. */
export interface Sender {
  readonly protocol: string;
  /** Null: the gateway does not say. */
  readonly from: {
    readonly id: string;
    readonly username?: string | null | undefined;
    readonly display_name?: string | null | undefined;
  } | null;
}

/** A sender's account: it can sign in nowhere and belongs to no environment. */
export interface Identity {
  readonly userId: number;
  readonly username: string;
}

const TRIES = 5;
const MAX_NAME = 150;

/** The account that stands for a sender; the first message makes it. */
export function identityOf(db: Db, sender: Sender): Promise<Identity> {
  return db.transaction().execute(async (trx) => (await known(trx, sender)) ?? make(trx, sender));
}

const keyOf = ({ protocol, from }: Sender) => ({
  protocol: from ? protocol : '',
  external_id: from?.id ?? 'anonymous',
});

async function known(trx: Transaction<Database>, sender: Sender): Promise<Identity | null> {
  const { protocol, external_id } = keyOf(sender);
  const row = await trx
    .updateTable('external_identities')
    .from('users')
    .set({
      last_seen_at: sql`now()`,
      username: sender.from?.username ?? null,
      display_name: sender.from?.display_name ?? null,
    })
    .whereRef('users.id', '=', 'external_identities.user_id')
    .where('external_identities.protocol', '=', protocol)
    .where('external_identities.external_id', '=', external_id)
    .returning(['external_identities.user_id as userId', 'users.username'])
    .executeTakeFirst();
  return row ?? null;
}

async function make(trx: Transaction<Database>, sender: Sender): Promise<Identity> {
  const { protocol, external_id } = keyOf(sender);
  // Two first messages of one sender come one after the other from here on.
  await sql`select pg_advisory_xact_lock(hashtextextended(${JSON.stringify([protocol, external_id])}, 17))`.execute(
    trx,
  );
  const other = await known(trx, sender);
  if (other) return other;
  const user = await makeUser(trx, sender);
  await trx
    .insertInto('external_identities')
    .values({
      protocol,
      external_id,
      user_id: user.id,
      username: sender.from?.username ?? null,
      display_name: sender.from?.display_name ?? null,
    })
    .execute();
  return { userId: user.id, username: user.username };
}

/** `gw_<id>`; never a name the sender chose, which could be somebody's here. */
async function makeUser(trx: Transaction<Database>, { from }: Sender) {
  const plain = from ? `gw_${from.id}`.slice(0, MAX_NAME) : 'gateway_anonymous';
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const suffix = attempt === 0 ? '' : `_${randomBytes(3).toString('hex')}`;
    const user = await trx
      .insertInto('users')
      .values({
        username: plain.slice(0, MAX_NAME - suffix.length) + suffix,
        password_hash: null,
        role: 'normal',
        first_name: from?.display_name ?? from?.username ?? '',
      })
      .onConflict((on) => on.doNothing())
      .returning(['id', 'username'])
      .executeTakeFirst();
    if (user) return user;
  }
  throw new Error(`No free username for the sender ${plain} was found.`);
}
