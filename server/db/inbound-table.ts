import type { Generated } from 'kysely';
import type { At } from './column-type.ts';

/** Somebody the message gateway speaks for. */
export interface ExternalIdentityTable {
  id: Generated<number>;
  protocol: string;
  external_id: string;
  user_id: number;
  username: string | null;
  display_name: string | null;
  created_at: At;
  last_seen_at: At;
}
/** A question a message can answer, from the chat its run was started from. */
export interface PendingConfirmationTable {
  /** Eight hexadecimal digits, as in `/confirm_1a2b3c4d`. */
  id: string;
  approval_id: string;
  credential_id: string;
  chat_id: string;
  expires_at: At;
  created_at: At;
}
