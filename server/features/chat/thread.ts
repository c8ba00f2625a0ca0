import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { OutputOf } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { forgetAgents } from './agent-memory.ts';
import type { Store, ThreadPlace } from './thread-place.ts';

export type { Speaker, Store, ThreadPlace } from './thread-place.ts';

/** Whose main conversations with which workflow are meant. */
export type Talk = Omit<ThreadPlace, 'threadId'>;

/** The name of somebody's main conversation with a workflow. */
export const mainThread = ({ speaker, workflowId }: Talk): string =>
  'userId' in speaker ? `${speaker.userId}:${workflowId}` : `visitor:${speaker.visitorId}:${workflowId}`;

/** Somebody's conversation; another's name for one leads to nothing. */
export const placeOf = (talk: Talk, threadId?: string): ThreadPlace => ({
  ...talk,
  threadId: threadId || mainThread(talk),
});

export const isMain = (place: ThreadPlace): boolean => place.threadId === mainThread(place);

/** The same for what never was and for another's. */
export const threadMissing = (): AppError => new AppError('not_found', 'Conversation not found.');

/** Nobody reaches another's conversation through here. */
export function threadRows(db: Store, { speaker, workflowId }: Talk) {
  const own = db.selectFrom('chat_threads').where('workflow_id', '=', workflowId);
  return 'userId' in speaker
    ? own.where('user_id', '=', speaker.userId)
    : own.where('visitor_id', '=', speaker.visitorId);
}

/** The row of a conversation; null: nothing was said in it yet, or it is not theirs. */
export async function findThread(db: Store, place: ThreadPlace): Promise<string | null> {
  const row = await threadRows(db, place)
    .select('id')
    .where('thread_id', '=', place.threadId)
    .executeTakeFirst();
  return row?.id ?? null;
}

/**
 * As {@link findThread}. A main conversation need not have begun; every other one has to be there.
 * @throws AppError `not_found`, also for another's
 */
export async function knownThread(db: Store, place: ThreadPlace): Promise<string | null> {
  const row = await findThread(db, place);
  if (row === null && !isMain(place)) throw threadMissing();
  return row;
}

/**
 * The row of a conversation, locked; a main one, or one of the gateway (`isOwn`), is made by its first message.
 * @throws AppError `not_found`
 */
export async function openThread(trx: Store, place: ThreadPlace, isOwn = isMain(place)): Promise<string> {
  if (isOwn)
    await insertThread(trx, place, '')
      .onConflict((on) => on.doNothing())
      .execute();
  const row = await threadRows(trx, place)
    .select('id')
    .where('thread_id', '=', place.threadId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw threadMissing();
  return row.id;
}

const insertThread = (
  trx: Store,
  { speaker, workflowId, environmentId, threadId }: ThreadPlace,
  title: string,
) =>
  trx.insertInto('chat_threads').values({
    thread_id: threadId,
    environment_id: environmentId,
    workflow_id: workflowId,
    user_id: 'userId' in speaker ? speaker.userId : null,
    visitor_id: 'visitorId' in speaker ? speaker.visitorId : null,
    title,
  });

const SHOWN = ['thread_id', 'title', 'created_at', 'updated_at'] as const;
type Shown = Readonly<{ thread_id: string; title: string; created_at: Date; updated_at: Date }>;
type ThreadOut = OutputOf<'chat', 'createThread'>;

const present = (talk: Talk, row: Shown): ThreadOut => ({
  thread_id: row.thread_id,
  title: row.title,
  is_main: isMain({ ...talk, threadId: row.thread_id }),
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

const MAX_THREADS = 1000;

/** @throws AppError `conflict` where there are too many */
export async function createThread(db: Db, talk: Talk, title: string): Promise<ThreadOut> {
  const { n } = await threadRows(db, talk)
    .select((eb) => eb.fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow();
  if (Number(n) >= MAX_THREADS) {
    throw new AppError(
      'conflict',
      `You have ${MAX_THREADS} conversations with this workflow. Delete some first.`,
    );
  }
  const threadId = `${mainThread(talk)}:${randomBytes(9).toString('base64url')}`;
  const row = await insertThread(db, { ...talk, threadId }, title)
    .returning(SHOWN)
    .executeTakeFirstOrThrow();
  return present(talk, row);
}

/** @throws AppError `not_found` */
export async function renameThread(db: Db, place: ThreadPlace, title: string): Promise<ThreadOut> {
  const row = await db
    .updateTable('chat_threads')
    .set({ title })
    .where('id', 'in', threadRows(db, place).select('id').where('thread_id', '=', place.threadId))
    .returning(SHOWN)
    .executeTakeFirst();
  if (!row) throw threadMissing();
  return present(place, row);
}

/** The last used first. */
export async function listThreads(
  db: Db,
  talk: Talk,
  { limit, offset, q }: { readonly limit: number; readonly offset: number; readonly q?: string | undefined },
): Promise<OutputOf<'chat', 'threads'>> {
  let found = threadRows(db, talk);
  if (q) found = found.where(sql<boolean>`strpos(lower(title), lower(${q})) > 0`);
  const { total } = await found
    .select((eb) => eb.fn.countAll<string>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await found
    .select(SHOWN)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
  return { items: rows.map((row) => present(talk, row)), total: Number(total) };
}

/**
 * Deletes a conversation and the states agents would go on from. A main one need not have begun.
 * @throws AppError `not_found`
 */
export function deleteThread(db: Db, place: ThreadPlace): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const gone = await trx
      .deleteFrom('chat_threads')
      .where('id', 'in', threadRows(trx, place).select('id').where('thread_id', '=', place.threadId))
      .returning('id')
      .executeTakeFirst();
    // Agents may have kept a state of the main conversation that no chat has a row of.
    if (!gone && !isMain(place)) throw threadMissing();
    await forgetAgents(trx, place);
  });
}
