import type { Db } from '#server/db/connection.ts';
import { answerByLink, type LinkAnswer, type LinkedApproval, readLink } from './approval-link.ts';
import { readAddress, takeCall } from './awaited-call.ts';

/** What can be reached by an address alone, without signing in. Reading never changes anything. */
export interface Links {
  readApproval(token: string): Promise<LinkedApproval | null>;
  /** @throws AppError `not_found` or `conflict`. */
  answer(token: string, answer: LinkAnswer): Promise<void>;
  /** Why an address makes nothing go on any more, null while it does; undefined for one that never did. */
  readAddress(token: string): Promise<string | null | undefined>;
  /** @throws AppError `not_found` or `conflict`. */
  call(token: string, call: object): Promise<void>;
}

export const createLinks = (db: Db): Links => ({
  readApproval: (token) => readLink(db, token),
  answer: (token, answer) => answerByLink(db, token, answer),
  readAddress: (token) => readAddress(db, token),
  call: (token, call) => takeCall(db, token, call),
});
