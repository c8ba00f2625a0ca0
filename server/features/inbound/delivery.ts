import { type Kysely, sql } from 'kysely';
import { answerOf } from '#domain/chat/answer.ts';
import { failureSentence } from '#domain/chat/failure-sentence.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import { GATEWAY_KIND } from '#server/run-start/gateway-kind.ts';

/** Announces that something is to be sent. */
export const DELIVERIES_DUE = 'pipewright_deliveries';

/** Messengers take no more at once. */
const MAX_TEXT = 4000;

export interface Delivery {
  readonly executionId: string;
  /** Tells what one run says apart; the same key again says nothing new. */
  readonly key: string;
  readonly text: string;
}

/**
 * Has something said in the chat whose message started a run; leaves with the transaction. Nothing happens for runs
 * that no message started. Saying the same again changes nothing.
 */
export async function deliver(trx: Kysely<Database>, { executionId, key, text }: Delivery): Promise<void> {
  const parts = cut(text.trim());
  for (const [n, part] of parts.entries()) {
    await sql`
      insert into chat_deliveries (environment_id, execution_id, key, credential_id, chat_id, text)
      select environment_id, id, ${n === 0 ? key : `${key}:${n + 1}`}, trigger ->> 'credential_id', trigger ->> 'chat_id',
        ${part}
      from executions
      where id = ${executionId} and trigger_kind = ${GATEWAY_KIND}
        and trigger ->> 'credential_id' is not null and trigger ->> 'chat_id' is not null
      on conflict do nothing`.execute(trx);
  }
  if (parts.length > 0) await sql`select pg_notify(${DELIVERIES_DUE}, '')`.execute(trx);
}

function cut(text: string): string[] {
  const parts: string[] = [];
  for (let rest = text; rest !== ''; ) {
    if (rest.length <= MAX_TEXT) return [...parts, rest];
    const head = rest.slice(0, MAX_TEXT);
    const at = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '));
    const end = at > MAX_TEXT / 2 ? at : /[\uD800-\uDBFF]$/.test(head) ? MAX_TEXT - 1 : MAX_TEXT;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return parts;
}

/** Sends the answer of a run back to where its message came from, or why there is none. */
export async function deliverAnswer(db: Db, executionId: string): Promise<void> {
  const run = await db
    .selectFrom('executions')
    .select(['status', 'output', 'error'])
    .where('id', '=', executionId)
    .where('trigger_kind', '=', GATEWAY_KIND)
    .executeTakeFirst();
  const text = run ? wordsOf(run) : null;
  if (text !== null) await deliver(db, { executionId, key: 'answer', text });
}

/** Null: the workflow does not talk. */
function wordsOf(run: {
  readonly status: string;
  readonly output: unknown;
  readonly error: unknown;
}): string | null {
  if (run.status === 'cancelled') return failureSentence('cancelled', true);
  if (run.status === 'failed') {
    return failureSentence((run.error as { readonly code?: string } | null)?.code ?? 'failed', true);
  }
  const output = run.output as object | null;
  const talks = run.status === 'completed' && output !== null && ('output' in output || 'message' in output);
  return talks ? answerOf(output) : null;
}
