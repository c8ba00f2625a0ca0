import { sql } from 'kysely';
import type { OutgoingMessage, SendResult } from '#domain/chat/outgoing-message.ts';
import type { Db } from '#server/db/connection.ts';

export interface SenderOptions {
  readonly db: Db;
  readonly send: (message: OutgoingMessage) => Promise<SendResult>;
  /** Milliseconds before the first repetition; each further one takes twice as long. 1,000 if absent. */
  readonly retryMs?: number;
}

export interface Sender {
  /** Something may be due. */
  look(): void;
  close(): Promise<void>;
}

const LOOK_MS = 2000;
const BATCH = 20;
const MAX_ATTEMPTS = 10;
const LONGEST_MS = 10 * 60_000;
/** A process that dies while it sends holds a message for no longer. */
const CLAIM_SECONDS = 60;
const KEEP_DAYS = 7;

interface Due {
  readonly id: string;
  readonly execution_id: string;
  readonly key: string;
  readonly credential_id: string;
  readonly chat_id: string;
  readonly text: string;
  readonly attempts: number;
}

/** Sends what runs say to messengers, in order within a chat, until the gateway has taken it; at least once each. */
export function startSender(options: SenderOptions): Sender {
  let work: Promise<void> | null = null;
  let isWanted = false;
  let isClosed = false;
  const look = (): void => {
    isWanted = true;
    if (work || isClosed) return;
    work = round()
      // What cannot be read or written now is looked at again.
      .catch(() => undefined)
      .finally(() => {
        work = null;
      });
  };
  const round = async (): Promise<void> => {
    while (isWanted && !isClosed) {
      isWanted = false;
      const due = await claim(options.db);
      if (due.length > 0) isWanted = true;
      await Promise.all(due.map((one) => sendOne(options, one)));
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    look,
    close: async () => {
      isClosed = true;
      clearInterval(timer);
      await work;
    },
  };
}

/** The first message that is due of each chat, held back from everybody else meanwhile. */
async function claim(db: Db): Promise<Due[]> {
  const { rows } = await sql<Due>`
    update chat_deliveries set attempts = attempts + 1, next_at = now() + make_interval(secs => ${CLAIM_SECONDS})
    where id in (
      select d.id from chat_deliveries d
      where d.status = 'pending' and d.next_at <= now() and not exists (
        select from chat_deliveries earlier
        where earlier.status = 'pending' and earlier.id < d.id
          and earlier.credential_id = d.credential_id and earlier.chat_id = d.chat_id
      )
      order by d.next_at limit ${BATCH} for update skip locked
    )
    returning id, execution_id, key, credential_id, chat_id, text, attempts`.execute(db);
  return rows;
}

async function sendOne({ db, send, retryMs = 1000 }: SenderOptions, due: Due): Promise<void> {
  const result = await send({
    credentialId: due.credential_id,
    chatId: due.chat_id,
    text: due.text,
    key: `${due.execution_id}:${due.key}`,
  }).catch((error: unknown): SendResult => ({ kind: 'failed', reason: String(error) }));
  const row = db.updateTable('chat_deliveries').where('id', '=', due.id);
  if (result.kind === 'sent') {
    await row.set({ status: 'sent', sent_at: new Date(), last_error: null }).execute();
    await forgetOld(db);
    return;
  }
  const isOver = result.kind === 'refused' || due.attempts >= MAX_ATTEMPTS;
  const wait = Math.min(LONGEST_MS, retryMs * 2 ** (due.attempts - 1));
  await row
    .set({
      status: isOver ? 'failed' : 'pending',
      last_error: result.reason.slice(0, 500),
      next_at: new Date(Date.now() + wait),
    })
    .execute();
}

async function forgetOld(db: Db): Promise<void> {
  await sql`delete from chat_deliveries where id in (
    select id from chat_deliveries where status <> 'pending' and created_at < now() - make_interval(days => ${KEEP_DAYS})
    limit 100)`.execute(db);
}
