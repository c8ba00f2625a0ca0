import { sql } from 'kysely';
import type { OutputOf } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { settleOpenAnswers } from './answer.ts';
import { attachmentsOf } from './attachment.ts';
import { messagePlace } from './message-place.ts';
import { knownThread, type ThreadPlace } from './thread.ts';

export interface HistoryRequest {
  readonly limit: number;
  readonly before?: string | undefined;
  readonly before_id?: string | undefined;
}

type History = OutputOf<'chat', 'history'>;

/** However many are asked for; `before_id` leads on. */
const MAX_MESSAGES = 10_000;
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

/**
 * The last messages of a conversation before a moment or a message, oldest first. Costs what the page costs, however
 * long the conversation is. @throws AppError `bad_request`, `not_found`.
 */
export async function readHistory(db: Db, place: ThreadPlace, request: HistoryRequest): Promise<History> {
  const time = request.before ? timeOf(request.before) : null;
  const threadRow = await knownThread(db, place);
  const mark = request.before_id
    ? await messagePlace(db, threadRow ?? '0', { id: request.before_id, field: 'before_id' })
    : null;
  if (threadRow === null) return { messages: [], thread_id: place.threadId, has_more: false };
  await settleOpenAnswers(db, threadRow);
  const most = request.limit > 0 ? Math.min(request.limit, MAX_MESSAGES) : MAX_MESSAGES;
  let query = db
    .selectFrom('chat_messages as m')
    .select(['m.id', 'm.role', 'm.text', 'm.created_at', 'm.execution_id', 'm.error_code'])
    .where('m.chat_thread_id', '=', threadRow)
    .where('m.role', 'in', ['user', 'assistant'])
    .where(sql<boolean>`(m.role = 'user' or m.text <> '')`);
  // Clients get milliseconds, the table has microseconds: a message is never earlier than its own time.
  if (time) query = query.where('m.created_at', '<', time);
  if (mark) {
    query = query.where(sql<boolean>`(m.created_at, m.id) < (${mark.at}::timestamptz, ${mark.id}::bigint)`);
  } else if (request.before_id) query = query.where('m.id', '<', request.before_id);
  const rows = await query
    .orderBy('m.created_at', 'desc')
    .orderBy('m.id', 'desc')
    .limit(most + 1)
    .execute();
  const shown = rows.slice(0, most).toReversed();
  const attached = await attachmentsOf(
    db,
    shown.map((row) => row.id),
  );
  const messages = shown.map((row) => ({
    id: row.id,
    role: row.role === 'user' ? ('user' as const) : ('assistant' as const),
    text: row.text,
    timestamp: row.created_at.toISOString(),
    execution_id: row.execution_id,
    error_code: row.error_code,
    attachments: attached.get(row.id) ?? [],
  }));
  return { messages, thread_id: place.threadId, has_more: shown.length < rows.length };
}
