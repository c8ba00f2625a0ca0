import { sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import type { Identities } from '../accounts/identity.ts';
import { hashOf, randomSecret } from '../accounts/secret.ts';
import type { Viewer } from '../handler.ts';

export const TICKET_SECONDS = 30;

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
