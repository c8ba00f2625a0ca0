import { createHash } from 'node:crypto';
import { type SqlBool, sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';

export interface Delivery {
  readonly workflowId: number;
  readonly node: string;
  /** Of the request's signature. */
  readonly signature: string;
  /** What the caller names it, however often it sends it; null: it does not say. */
  readonly id: string | null;
  readonly raw: Buffer;
}

const KEPT = sql`interval '24 hours'`;
const SWEEP_EVERY = 500;
let sinceSweep = 0;

/**
 * The idempotency key of a signed delivery's run. The same signature is always the same key. A delivery that comes
 * again under a new signature, with the same id and body, gets the key of its first: the body counts, so that nobody
 * who replays an old request can take the id of one that is still to come.
 */
export async function runKeyOf(db: Db, { workflowId, node, signature, id, raw }: Delivery): Promise<string> {
  const key = `signed ${node} ${createHash('sha256').update(signature).digest('base64url')}`;
  if (id === null) return key;
  const place = JSON.stringify([workflowId, node, id]);
  const mark = createHash('sha256').update(place).update(raw).digest();
  const { run_key } = await db
    .insertInto('webhook_deliveries')
    .values({ mark, run_key: key })
    .onConflict((conflict) =>
      conflict.column('mark').doUpdateSet({
        run_key: sql`case when webhook_deliveries.created_at < now() - ${KEPT} then excluded.run_key
          else webhook_deliveries.run_key end`,
        created_at: sql`case when webhook_deliveries.created_at < now() - ${KEPT} then now()
          else webhook_deliveries.created_at end`,
      }),
    )
    .returning('run_key')
    .executeTakeFirstOrThrow();
  sinceSweep += 1;
  if (sinceSweep >= SWEEP_EVERY) await sweep(db);
  return run_key;
}

async function sweep(db: Db): Promise<void> {
  sinceSweep = 0;
  await db.deleteFrom('webhook_deliveries').where(sql<SqlBool>`created_at < now() - ${KEPT}`).execute();
}

/** The run a key belongs to already, or null. */
export async function runWith(db: Db, workflowId: number, key: string): Promise<string | null> {
  const row = await db
    .selectFrom('executions')
    .select('id')
    .where('workflow_id', '=', workflowId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
  return row?.id ?? null;
}
