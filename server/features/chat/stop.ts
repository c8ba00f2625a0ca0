import type { OutputOf } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';
import type { Engine } from '#server/engine/engine.ts';
import { settleAnswer } from './answer.ts';
import { knownThread, type ThreadPlace } from './thread.ts';

/**
 * Stops every run that works on an answer in a conversation; the conversation says so at once.
 * @throws AppError `not_found`
 */
export async function stopAnswers(
  { db, engine }: { readonly db: Db; readonly engine: Pick<Engine, 'cancel'> },
  place: ThreadPlace,
): Promise<OutputOf<'chat', 'stop'>> {
  const threadRow = await knownThread(db, place);
  if (threadRow === null) return { execution_ids: [] };
  const rows = await db
    .selectFrom('chat_messages as m')
    .innerJoin('executions as e', 'e.id', 'm.execution_id')
    .select('e.id')
    .where('m.chat_thread_id', '=', threadRow)
    .where('m.role', '=', 'user')
    .where('e.status', 'in', ['queued', 'running', 'waiting'])
    .orderBy('m.created_at', 'desc')
    .limit(100)
    .execute();
  const stopped = await Promise.all(
    rows.map(async ({ id }) => {
      await engine.cancel(id);
      await settleAnswer(db, id);
      return id;
    }),
  );
  return { execution_ids: stopped };
}
