import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Database } from '#server/db/schema.ts';
import { GATEWAY_KIND } from '#server/run-start/gateway-kind.ts';
import { deliver } from './delivery.ts';

/** How long a message may answer a question that has no time limit of its own. */
const EXPIRY_SECONDS = 300;
const TRIES = 3;

export interface AskedByRun {
  readonly approvalId: string;
  readonly rootId: string;
  /** Of the question; null: it has no limit. */
  readonly expiresAt: number | null;
}

/**
 * Lets a question be answered by `/confirm_<id>` and `/cancel_<id>` from the chat whose message started the run. Part
 * of the transaction that asks.
 * @returns the id of eight hexadecimal digits; null where no message started the run
 */
export async function offerConfirmation(
  trx: Kysely<Database>,
  { approvalId, rootId, expiresAt }: AskedByRun,
): Promise<string | null> {
  const root = await trx
    .selectFrom('executions')
    .select([
      sql<string | null>`trigger ->> 'credential_id'`.as('credential'),
      sql<string | null>`trigger ->> 'chat_id'`.as('chat'),
    ])
    .where('id', '=', rootId)
    .where('trigger_kind', '=', GATEWAY_KIND)
    .executeTakeFirst();
  if (root?.credential == null || root.chat == null) return null;
  const { credential, chat } = root;
  const expires =
    expiresAt === null
      ? sql<Date>`now() + make_interval(secs => ${EXPIRY_SECONDS})`
      : sql<Date>`to_timestamp(${expiresAt / 1000})`;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const id = randomBytes(4).toString('hex');
    const { rows } = await sql<{ id: string }>`
      insert into pending_confirmations (id, approval_id, credential_id, chat_id, expires_at)
      select ${id}, ${approvalId}, ${credential}, ${chat}, ${expires}
      where not exists (select from pending_confirmations where id = ${id})
      on conflict (approval_id) do update set expires_at = excluded.expires_at
      returning id`.execute(trx);
    if (!rows[0]) continue;
    await tell(trx, { approvalId, rootId, id: rows[0].id });
    return rows[0].id;
  }
  throw new Error('No free id for a confirmation was found.');
}

/** Puts the question to the chat. */
async function tell(
  trx: Kysely<Database>,
  { approvalId, rootId, id }: { readonly approvalId: string; readonly rootId: string; readonly id: string },
): Promise<void> {
  const { prompt } = await trx
    .selectFrom('approvals')
    .select('prompt')
    .where('id', '=', approvalId)
    .executeTakeFirstOrThrow();
  const text = `${prompt}\n\nYes: /confirm_${id}\nNo: /cancel_${id}`;
  await deliver(trx, { executionId: rootId, key: `confirm:${id}`, text });
}
