import { sql } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Store } from './thread.ts';

const MAX_ID = 9_223_372_036_854_775_807n;

export const isMessageId = (id: string): boolean => /^\d{1,19}$/.test(id) && BigInt(id) <= MAX_ID;

/** Where a message stands in its conversation. */
export interface MessagePlace {
  readonly id: string;
  /** As PostgreSQL writes it, to the microsecond. */
  readonly at: string;
}

/** @throws AppError `bad_request` naming the field, for what can be no id */
export async function messagePlace(
  db: Store,
  threadRow: string,
  { id, field }: { readonly id: string; readonly field: string },
): Promise<MessagePlace | null> {
  if (!isMessageId(id)) throw new AppError('bad_request', `Invalid '${field}'. Give the id of a message.`);
  const row = await db
    .selectFrom('chat_messages')
    .select(['id', sql<string>`created_at::text`.as('at')])
    .where('id', '=', id)
    .where('chat_thread_id', '=', threadRow)
    .executeTakeFirst();
  return row ?? null;
}
