import { sql } from 'kysely';
import type { Contract } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, signedIn, type Viewer } from '../handler.ts';
import type { Identities } from './identity.ts';
import { hashOf, randomSecret } from './secret.ts';

const TICKET_SECONDS = 30;

/** A ticket its holder can connect with once, as whoever asked for it. @returns its text. */
export async function issueTicket(db: Db, viewer: Viewer): Promise<string> {
  const ticket = randomSecret();
  await db.deleteFrom('socket_tickets').where('expires_at', '<', sql<Date>`now()`).execute();
  await db
    .insertInto('socket_tickets')
    .values({
      token_hash: hashOf(ticket),
      viewer: JSON.stringify(viewer),
      expires_at: sql<Date>`now() + make_interval(secs => ${TICKET_SECONDS})`,
    })
    .execute();
  return ticket;
}

/** Uses a ticket up. @returns null for one that is unknown, used or late, or whose holder has lost the right to it. */
export async function redeemTicket(db: Db, identities: Identities, ticket: string): Promise<Viewer | null> {
  const row = await db
    .deleteFrom('socket_tickets')
    .where('token_hash', '=', hashOf(ticket))
    .returning(['viewer', sql<boolean>`expires_at > now()`.as('isGood')])
    .executeTakeFirst();
  if (!row?.isGood) return null;
  const viewer = row.viewer as Viewer;
  return (await identities.stillValid(viewer)) ? viewer : null;
}

export function socketHandlers(db: Db): HandlersOf<Contract['sockets']> {
  return {
    ticket: async (context) => ({
      ticket: await issueTicket(db, signedIn(context)),
      expires_in: TICKET_SECONDS,
    }),
  };
}
