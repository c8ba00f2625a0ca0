import { z } from 'zod';
import { message } from '#domain/chat/message.ts';
import type { Store, ThreadPlace } from './thread-place.ts';

type Place = Pick<ThreadPlace, 'threadId' | 'environmentId'>;

/** Forgets what agents would go on from in a conversation. */
export async function forgetAgents(trx: Store, { threadId, environmentId }: Place): Promise<void> {
  await trx
    .deleteFrom('memory_checkpoints')
    .where('thread_id', '=', threadId)
    .where('environment_id', '=', environmentId)
    .execute();
}

const stateShape = z.object({ messages: z.array(message) });

/**
 * Takes the last questions, and everything said to them, out of what agents remember of a conversation. Of each agent
 * only the newest state is left, since the one before it knows of the same questions.
 */
export async function takeBackTurns(trx: Store, place: Place, turns: number): Promise<void> {
  if (turns === 0) return;
  const rows = await trx
    .selectFrom('memory_checkpoints')
    .select(['checkpoint_ns', 'checkpoint_id', 'state'])
    .where('thread_id', '=', place.threadId)
    .where('environment_id', '=', place.environmentId)
    .orderBy('step', 'desc')
    .orderBy('created_at', 'desc')
    .execute();
  const newest = new Map(rows.toReversed().map((row) => [row.checkpoint_ns, row]));
  for (const row of rows) {
    const kept = newest.get(row.checkpoint_ns) === row ? withoutTurns(row.state, turns) : null;
    const own = { checkpoint_ns: row.checkpoint_ns, checkpoint_id: row.checkpoint_id };
    await (kept === null ? remove(trx, place, own) : replace(trx, place, { ...own, state: kept }));
  }
}

interface StateKey {
  readonly checkpoint_ns: string;
  readonly checkpoint_id: string;
}

async function remove(trx: Store, { threadId }: Place, { checkpoint_ns, checkpoint_id }: StateKey) {
  await trx
    .deleteFrom('memory_checkpoints')
    .where('thread_id', '=', threadId)
    .where('checkpoint_ns', '=', checkpoint_ns)
    .where('checkpoint_id', '=', checkpoint_id)
    .execute();
}

async function replace(
  trx: Store,
  { threadId }: Place,
  { checkpoint_ns, checkpoint_id, state }: StateKey & { readonly state: string },
) {
  await trx
    .updateTable('memory_checkpoints')
    .set({ state, blob_size: Buffer.byteLength(state) })
    .where('thread_id', '=', threadId)
    .where('checkpoint_ns', '=', checkpoint_ns)
    .where('checkpoint_id', '=', checkpoint_id)
    .execute();
}

/** Null: nothing is left. */
function withoutTurns(state: unknown, turns: number): string | null {
  const read = stateShape.safeParse(state);
  if (!read.success) return null;
  const { messages } = read.data;
  const questions = messages.flatMap(({ role }, at) => (role === 'user' ? at : []));
  const from = questions.at(-turns);
  return from === undefined || from === 0 ? null : JSON.stringify({ messages: messages.slice(0, from) });
}
