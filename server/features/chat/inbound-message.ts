import type { Db } from '#server/db/connection.ts';
import { openThread, type ThreadPlace } from './thread.ts';

export interface Said {
  readonly userId: number;
  readonly chatId: string;
  readonly workflow: { readonly id: number; readonly environment_id: number };
  readonly executionId: string;
  readonly text: string;
}

/** The conversation of a sender in one chat with one workflow. */
const placeOf = ({ userId, chatId, workflow }: Said): ThreadPlace => ({
  speaker: { userId },
  workflowId: workflow.id,
  environmentId: workflow.environment_id,
  threadId: `${userId}:${chatId}:${workflow.id}`,
});

/** Writes down what was said before its run begins. @returns the way to take it back, when there is no run. */
export async function keepMessage(db: Db, said: Said): Promise<() => Promise<void>> {
  const id = await db.transaction().execute(async (trx) => {
    const chat_thread_id = await openThread(trx, placeOf(said), true);
    const row = await trx
      .insertInto('chat_messages')
      .values({ chat_thread_id, role: 'user', text: said.text, execution_id: said.executionId })
      .returning('id')
      .executeTakeFirstOrThrow();
    await trx
      .updateTable('chat_threads')
      .set({ updated_at: new Date() })
      .where('id', '=', chat_thread_id)
      .execute();
    return row.id;
  });
  return async () => {
    await db.deleteFrom('chat_messages').where('id', '=', id).execute();
  };
}
