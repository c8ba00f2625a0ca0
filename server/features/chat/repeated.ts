import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { OutputOf } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { KEY_REUSED } from '#server/engine/interface.ts';
import { requestDigest } from '#server/run-start/request-digest.ts';
import type { Attachment } from './attachment.ts';
import type { ThreadPlace } from './thread.ts';

export type Sent = OutputOf<'chat', 'send'>;

/** Everything that makes a message what it is. */
export interface AskedMessage {
  readonly place: ThreadPlace;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly editOf?: string | undefined;
  readonly retryOf?: string | undefined;
  readonly triggerNodeId?: string | null | undefined;
  readonly idempotencyKey: string | null;
}

/** An idempotency key, and what was asked with it. */
export interface Asked {
  readonly key: string;
  readonly digest: string;
}

/** Null: the caller gave no key. */
export function askedWith(message: AskedMessage): Asked | null {
  const { place, idempotencyKey, text, attachments, editOf, retryOf, triggerNodeId } = message;
  if (idempotencyKey === null) return null;
  const files = attachments.map(({ filename, mediaType, content }) => [
    filename,
    mediaType,
    createHash('sha256').update(content).digest('hex'),
  ]);
  const said = [text, files, editOf ?? '', retryOf ?? '', triggerNodeId ?? ''];
  // Everybody's own: the same key in another conversation is another message.
  return { key: `chat:${place.threadId}:${idempotencyKey}`, digest: requestDigest(said) };
}

/** What the same request led to before. @throws AppError `conflict` when it was another one */
export async function earlierRun(db: Db, place: ThreadPlace, { key, digest }: Asked): Promise<Sent | null> {
  const row = await db
    .selectFrom('executions as e')
    .innerJoin('chat_messages as m', 'm.execution_id', 'e.id')
    .select(['e.id', 'm.id as messageId', sql<string | null>`e.options ->> 'request'`.as('digest')])
    .where('e.workflow_id', '=', place.workflowId)
    .where('e.idempotency_key', '=', JSON.stringify(key).slice(1, -1))
    .where('m.role', '=', 'user')
    .executeTakeFirst();
  if (!row) return null;
  if (row.digest !== null && row.digest !== digest) throw new AppError('conflict', KEY_REUSED);
  return sentOut(place, { executionId: row.id, messageId: row.messageId });
}

export const sentOut = (
  { threadId }: ThreadPlace,
  { executionId, messageId }: { readonly executionId: string; readonly messageId: string },
): Sent => ({
  execution_id: executionId,
  status: 'pending',
  response: '',
  thread_id: threadId,
  message_id: messageId,
});
