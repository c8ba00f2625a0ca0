import { type RawBuilder, sql } from 'kysely';
import { answerOf } from '#domain/chat/answer.ts';
import { failureSentence } from '#domain/chat/failure-sentence.ts';
import type { Db } from '#server/db/connection.ts';

/** How a run was answered in its conversation. */
export interface Answer {
  readonly messageId: string | null;
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly text: string;
  readonly errorCode: string | null;
}

const OVER = ['completed', 'failed', 'cancelled'] as const;
/** How many of the last messages one look at a conversation takes care of; the rest was settled long ago. */
const RECENT = 50;
/** A message whose run is not there by then was not started: its process died in between. */
const START_SECONDS = 15;

/**
 * Writes down the answer of a run that has ended, once, however often and by whoever it is called.
 * @returns null while the run goes on, and where it is gone
 */
export async function settleAnswer(db: Db, executionId: string): Promise<Answer | null> {
  const run = await db
    .selectFrom('executions as e')
    .leftJoin('chat_visits as v', 'v.execution_id', 'e.id')
    .select(['e.status', 'e.output', 'e.error', 'v.visitor_id'])
    .where('e.id', '=', executionId)
    .where('e.status', 'in', OVER)
    .executeTakeFirst();
  if (!run) return null;
  const words = wordsOf(run);
  const { errorCode } = words;
  const text =
    run.status === 'cancelled' ? (await saidUntil(db, executionId, run.output)) || words.text : words.text;
  const status = run.status as Answer['status'];
  const messageId = await store(db, { executionId, text, errorCode });
  return { messageId, status, text, errorCode };
}

function wordsOf(run: {
  readonly status: string;
  readonly output: unknown;
  readonly error: unknown;
  readonly visitor_id: string | null;
}): { text: string; errorCode: string | null } {
  if (run.status === 'completed') return { text: answerOf(run.output), errorCode: null };
  const error = run.error as { readonly code?: string } | null;
  const errorCode = run.status === 'cancelled' ? 'cancelled' : (error?.code ?? 'failed');
  return { text: failureSentence(errorCode, run.visitor_id !== null), errorCode };
}

/** Everything a run said before it was stopped: whole turns, and what it was just writing. */
async function saidUntil(db: Db, executionId: string, output: unknown): Promise<string> {
  const { rows } = await sql<{ text: string | null }>`
    select told.event -> 'data' ->> 'text' as text
    from event_chunks c cross join json_array_elements(c.events::json) with ordinality as told (event, n)
    where c.execution_id = ${executionId}::uuid and told.event ->> 'type' = 'chat_message'
    order by c.first_seq, told.n`.execute(db);
  const said = rows.map(({ text }) => text ?? '');
  if (output !== null) said.push(answerOf(output));
  const text = said.filter((one) => one.trim() !== '').join('\n\n');
  return text === '' ? '' : answerOf({ output: text });
}

interface Words {
  readonly executionId: string;
  readonly text: string;
  readonly errorCode: string | null;
}

/** A message that was taken back gets no answer. @returns the id of the answer, whoever wrote it. */
async function store(db: Db, { executionId, text, errorCode }: Words): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    with asked as (
      -- Whoever takes the message back meanwhile has the conversation locked.
      select m.chat_thread_id from chat_messages m join chat_threads t on t.id = m.chat_thread_id
      where m.execution_id = ${executionId}::uuid and m.role = 'user' and m.node_id is null
      for update of t, m
    ), answered as (
      insert into chat_messages (chat_thread_id, role, text, error_code, execution_id)
      select chat_thread_id, 'assistant', ${text}, ${errorCode}, ${executionId}::uuid from asked
      on conflict (execution_id, role)
        where execution_id is not null and node_id is null and role in ('user', 'assistant')
        -- A run that was given up as never started, and came after all.
        do update set text = excluded.text, error_code = excluded.error_code
        where chat_messages.error_code = 'not_started' and excluded.error_code is distinct from 'not_started'
      returning id, chat_thread_id
    ), touched as (
      update chat_threads set updated_at = now() from answered where chat_threads.id = answered.chat_thread_id
    )
    select id from answered`.execute(db);
  if (rows[0]) return rows[0].id;
  const row = await db
    .selectFrom('chat_messages')
    .select('id')
    .where('execution_id', '=', executionId)
    .where('role', '=', 'assistant')
    .where('node_id', 'is', null)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** The last messages of a conversation whose runs have ended without anybody having written down the answer. */
export const openQuestions = (threadRow: string): RawBuilder<{ id: string; is_gone: boolean }> => sql`
    select asked.execution_id as id, e.id is null as is_gone
    from (
      -- Bounded before anything is left out: a conversation of any length costs the same.
      select execution_id, created_at, role, node_id from chat_messages
      where chat_thread_id = ${threadRow} order by created_at desc, id desc limit ${RECENT}
    ) asked
    left join executions e on e.id = asked.execution_id
    where asked.role = 'user' and asked.node_id is null and asked.execution_id is not null and not exists (
      select from chat_messages a
      where a.execution_id = asked.execution_id and a.role = 'assistant' and a.node_id is null
    ) and (
      e.status in ('completed', 'failed', 'cancelled')
      or e.id is null and asked.created_at < now() - make_interval(secs => ${START_SECONDS})
    )
    order by asked.created_at`;

/** Writes down what {@link openQuestions} were answered. */
export async function settleOpenAnswers(db: Db, threadRow: string): Promise<void> {
  const { rows } = await openQuestions(threadRow).execute(db);
  for (const { id, is_gone } of rows) {
    if (is_gone) {
      await store(db, { executionId: id, text: failureSentence('not_started'), errorCode: 'not_started' });
    } else await settleAnswer(db, id);
  }
}
