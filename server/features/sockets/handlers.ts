import type { Contract } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, signedIn } from '../handler.ts';
import { issueTicket, TICKET_SECONDS } from './ticket.ts';

export function socketHandlers(db: Db): HandlersOf<Contract['sockets']> {
  return {
    ticket: async (context) => ({
      ticket: await issueTicket(db, signedIn(context)),
      expires_in: TICKET_SECONDS,
    }),
  };
}
