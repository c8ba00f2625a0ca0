import { sql } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Engine } from '#server/engine/engine.ts';
import { takeBackTurns } from './agent-memory.ts';
import { type Attachment, storedAttachments } from './attachment.ts';
import { type MessagePlace, messagePlace } from './message-place.ts';
import { knownThread, type Store, type ThreadPlace } from './thread.ts';

/** A message that takes the place of an earlier one: that and everything after it is dropped. */
export interface Rewrite {
  readonly threadRow: string;
  readonly from: MessagePlace;
  /** Null: new words. */
  readonly text: string | null;
  readonly attachments: readonly Attachment[] | null;
}

interface Wanted {
  readonly place: ThreadPlace;
  readonly editOf?: string | undefined;
  readonly retryOf?: string | undefined;
}

const missing = (): AppError => new AppError('not_found', 'Message not found.');

/** @throws AppError `not_found` for a message that is none of this conversation, `bad_request` for what can be none */
export async function readRewrite(db: Db, { place, editOf, retryOf }: Wanted): Promise<Rewrite | null> {
  const id = editOf || retryOf;
  if (!id) return null;
  if (editOf && retryOf) throw new AppError('bad_request', 'Give edit_of or retry_of, not both.');
  const threadRow = await knownThread(db, place);
  const from = await messagePlace(db, threadRow ?? '0', { id, field: editOf ? 'edit_of' : 'retry_of' });
  if (threadRow === null || !from) throw missing();
  const asked = await questionOf(db, threadRow, from);
  if (!asked || (editOf && asked.id !== from.id)) throw missing();
  const again = editOf ? null : { text: asked.text, attachments: await storedAttachments(db, asked.id) };
  return {
    threadRow,
    from: { id: asked.id, at: asked.at },
    text: again?.text ?? null,
    attachments: again?.attachments ?? null,
  };
}

/** The message itself where somebody said it, else the one it answers. */
async function questionOf(db: Db, threadRow: string, { id, at }: MessagePlace) {
  return db
    .selectFrom('chat_messages')
    .select(['id', 'text', sql<string>`created_at::text`.as('at')])
    .where('chat_thread_id', '=', threadRow)
    .where('role', '=', 'user')
    .where(sql<boolean>`(created_at, id) <= (${at}::timestamptz, ${id}::bigint)`)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

const dropped = (db: Store, { threadRow, from }: Rewrite) =>
  db
    .selectFrom('chat_messages')
    .where('chat_thread_id', '=', threadRow)
    .where(
      sql<boolean>`(chat_messages.created_at, chat_messages.id) >= (${from.at}::timestamptz, ${from.id}::bigint)`,
    );

/** Stops the runs that still work on what is about to be dropped, so that they remember nothing of it afterwards. */
export async function stopDropped(
  { db, engine }: { readonly db: Db; readonly engine: Pick<Engine, 'cancel'> },
  rewrite: Rewrite,
): Promise<void> {
  const open = await dropped(db, rewrite)
    .innerJoin('executions as e', 'e.id', 'chat_messages.execution_id')
    .select('e.id')
    .distinct()
    .where('e.status', 'in', ['queued', 'running', 'waiting'])
    .execute();
  await Promise.all(open.map(({ id }) => engine.cancel(id)));
}

/** Part of the transaction that takes the new message. */
export async function dropFrom(trx: Store, place: ThreadPlace, rewrite: Rewrite): Promise<void> {
  // Runs that gave no answer have left nothing in the memory of agents.
  const { turns } = await dropped(trx, rewrite)
    .where('role', '=', 'assistant')
    .where('error_code', 'is', null)
    .where('execution_id', 'is not', null)
    .select((eb) => eb.fn.countAll<string>().as('turns'))
    .executeTakeFirstOrThrow();
  await takeBackTurns(trx, place, Number(turns));
  await trx
    .deleteFrom('chat_messages')
    .where('id', 'in', dropped(trx, rewrite).select('chat_messages.id'))
    .execute();
}
