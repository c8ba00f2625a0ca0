import { sql } from 'kysely';
import type { OutputOf } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Viewer } from '../handler.ts';

export interface HistoryRequest {
  readonly limit: number;
  readonly before?: string | undefined;
  readonly before_id?: string | undefined;
}

/** A conversation: whose, with which workflow, and what clients call it. */
export interface ThreadPlace {
  readonly userId: number;
  readonly workflowId: number;
  readonly threadId: string;
}

/** The name of somebody's main conversation with a workflow. */
export const mainThread = (userId: number, workflowId: number): string => `${userId}:${workflowId}`;

/** Somebody's conversation; another's name for one leads to nothing. */
export function placeOf({ userId }: Viewer, workflowId: number, threadId: string | undefined): ThreadPlace {
  return { userId, workflowId, threadId: threadId || mainThread(userId, workflowId) };
}

/** However many are asked for; `before_id` leads on. */
const MAX_MESSAGES = 10_000;
const MAX_ID = 9_223_372_036_854_775_807n;
const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i;

/** A time as clients write it; without a zone it is UTC. @throws AppError `bad_request`. */
function timeOf(before: string): Date {
  // An unencoded plus sign arrives as a space.
  const given = before
    .trim()
    .replace(/ (\d\d:?\d\d)$/, (match, zone: string) => (/T.* /.test(before.trim()) ? `+${zone}` : match));
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(given.slice(10));
  const time = new Date(given.length > 10 ? given.replace(' ', 'T') + (zoned ? '' : 'Z') : given);
  if (ISO.test(given) && !Number.isNaN(time.getTime())) return time;
  throw new AppError(
    'bad_request',
    `Invalid 'before' datetime format. Use ISO 8601, such as 2026-01-31T12:00:00Z.`,
  );
}

function idOf(before: string): string {
  if (/^\d{1,19}$/.test(before) && BigInt(before) <= MAX_ID) return before;
  throw new AppError('bad_request', `Invalid 'before_id'. Give the id of a message.`);
}

/** The last messages of a conversation before a moment, oldest first. @throws AppError `bad_request`. */
export async function readHistory(
  db: Db,
  place: ThreadPlace,
  { limit, before, before_id }: HistoryRequest,
): Promise<OutputOf<'chat', 'history'>> {
  let query = db
    .selectFrom('chat_messages as m')
    .innerJoin('chat_threads as t', 't.id', 'm.chat_thread_id')
    .where('t.thread_id', '=', place.threadId)
    .where('t.user_id', '=', place.userId)
    .where('t.workflow_id', '=', place.workflowId)
    .where('m.role', 'in', ['user', 'assistant'])
    .where(sql<boolean>`(m.role = 'user' or m.text <> '')`);
  // Clients get milliseconds, the table has microseconds: a message is never earlier than its own time.
  if (before) query = query.where(sql`date_trunc('milliseconds', m.created_at)`, '<', timeOf(before));
  if (before_id) query = query.where('m.id', '<', idOf(before_id));
  const found = query
    .select(['m.id', 'm.role', 'm.text', 'm.created_at', 'm.execution_id'])
    .orderBy('m.created_at', 'desc')
    .orderBy('m.id', 'desc');
  const most = limit > 0 ? Math.min(limit, MAX_MESSAGES) : MAX_MESSAGES;
  const rows = await found.limit(most + 1).execute();
  const shown = rows.slice(0, most);
  return {
    messages: shown.toReversed().map((row) => ({
      id: row.id,
      role: row.role === 'user' ? 'user' : 'assistant',
      text: row.text,
      timestamp: row.created_at.toISOString(),
      execution_id: row.execution_id,
    })),
    thread_id: place.threadId,
    has_more: shown.length < rows.length,
  };
}

/** Deletes a conversation and the states agents would go on from. Deleting it again changes nothing. */
export async function clearHistory(db: Db, { threadId, userId, workflowId }: ThreadPlace): Promise<void> {
  const isMain = threadId === mainThread(userId, workflowId);
  await db.transaction().execute(async (trx) => {
    const thread = await trx
      .deleteFrom('chat_threads')
      .where('thread_id', '=', threadId)
      .where('user_id', '=', userId)
      .where('workflow_id', '=', workflowId)
      .returning('id')
      .executeTakeFirst();
    // Agents may have kept a state of the main conversation that no chat has a row of.
    if (!thread && !isMain) return;
    await trx
      .deleteFrom('memory_checkpoints')
      .where('thread_id', '=', threadId)
      .where('environment_id', '=', (eb) =>
        eb.selectFrom('workflows').select('environment_id').where('id', '=', workflowId),
      )
      .execute();
  });
}
