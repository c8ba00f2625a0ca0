import type { Db } from '#server/db/connection.ts';
import type { EndedRun } from '#server/engine/interface.ts';
import { deliverAnswer } from '../inbound/delivery.ts';
import { settleAnswer } from './answer.ts';

/** Runs whose end a conversation hears of. */
export const CHAT_KINDS: ReadonlySet<string> = new Set(['chat', 'gateway']);

/**
 * Writes down what a conversation is answered, if the run belongs to one, and sends it where the question came from.
 * Doing it again changes nothing.
 */
export async function afterChatRun(db: Db, { executionId, triggerKind, depth }: EndedRun): Promise<void> {
  if (depth > 0 || !CHAT_KINDS.has(triggerKind)) return;
  await settleAnswer(db, executionId);
  await deliverAnswer(db, executionId);
}
