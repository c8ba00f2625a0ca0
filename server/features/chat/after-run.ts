import type { Db } from '#server/db/connection.ts';
import type { EndedRun } from '#server/engine/interface.ts';
import { settleAnswer } from './answer.ts';

/** Runs whose end a conversation hears of. */
export const CHAT_KINDS: ReadonlySet<string> = new Set(['chat', 'gateway']);

/**
 * Writes down what a conversation is answered, if the run belongs to one, and sends it where the question came from.
 * Doing it again changes nothing.
 * @param deliver sends the answer of a run of the gateway to its chat
 */
export async function afterChatRun(
  db: Db,
  { executionId, triggerKind, depth }: EndedRun,
  deliver: (db: Db, executionId: string) => Promise<void>,
): Promise<void> {
  if (depth > 0 || !CHAT_KINDS.has(triggerKind)) return;
  await settleAnswer(db, executionId);
  await deliver(db, executionId);
}
