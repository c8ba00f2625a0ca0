import type { OutputOf } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';
import type { Engine } from '#server/engine/engine.ts';
import { settleAnswer } from './answer.ts';
import { deleteThread, knownThread, type ThreadPlace } from './thread.ts';

interface Stopping {
  readonly db: Db;
  readonly engine: Pick<Engine, 'cancel'>;
}

/**
 * Stops every run that works on an answer in a conversation; the conversation says so at once.
 * @throws AppError `not_found`
 */
export async function stopAnswers(
  { db, engine }: Stopping,
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

/**
 * Deletes a conversation. What is being answered in it is stopped first, so that agents keep nothing of it afterwards.
 * @throws AppError `not_found`
 */
export async function endThread(options: Stopping, place: ThreadPlace): Promise<void> {
  await stopAnswers(options, place);
  await deleteThread(options.db, place);
}
