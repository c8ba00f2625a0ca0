import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { type RequestContext, signedIn } from '../handler.ts';
import { refuseBeyondQuota } from '../quota.ts';
import { audit } from './audit.ts';
import { issueKey } from './credential.ts';

interface KeyRow {
  readonly id: number;
  readonly name: string;
  readonly prefix: string;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly expires_at: Date | null;
  readonly is_active: boolean;
}

const keyOut = ({ id, name, prefix, created_at, last_used_at, expires_at, is_active }: KeyRow) => ({
  id,
  name,
  prefix,
  created_at: created_at.toISOString(),
  last_used_at: last_used_at?.toISOString() ?? null,
  expires_at: expires_at?.toISOString() ?? null,
  is_active,
});

/** A user's keys, newest first, revoked ones and login keys too. */
export async function listKeys(db: Db, userId: number) {
  const rows = await db
    .selectFrom('api_keys')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('id', 'desc')
    .execute();
  return rows.map(keyOut);
}

interface WantedKey {
  readonly userId: number;
  /** Absent: the one the owner works in. */
  readonly environmentId?: number;
  readonly name: string;
  readonly expires_at?: string | null | undefined;
}

/** Makes a key for a user, on behalf of whoever asks. @throws AppError for an expiry that is none, or is past. */
export async function createKey(db: Db, context: RequestContext, wanted: WantedKey) {
  const { userId, environmentId, name, expires_at } = wanted;
  const expiresAt = typeof expires_at === 'string' ? expiryOf(expires_at) : null;
  return db.transaction().execute(async (trx) => {
    const place = { environmentId: environmentId ?? signedIn(context).environmentId, userId };
    await refuseBeyondQuota(trx, 'api_keys', place);
    const { key, row } = await issueKey(trx, {
      userId,
      name,
      kind: 'key',
      expiresAt,
      ...(environmentId !== undefined && { environmentId }),
    });
    await audit(trx, {
      action: 'key_created',
      actorId: signedIn(context).userId,
      address: context.address,
      target: String(row.id),
      detail: { user_id: userId },
    });
    return { ...keyOut(row), key };
  });
}

/** @throws AppError `not_found`, also for another user's key. */
export async function revokeKey(
  db: Db,
  context: RequestContext,
  { userId, keyId }: { readonly userId: number; readonly keyId: number },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('api_keys')
      .set({ is_active: false })
      .where('id', '=', keyId)
      .where('user_id', '=', userId)
      .returning('id')
      .executeTakeFirst();
    if (!row) throw new AppError('not_found', 'API key not found.');
    await audit(trx, {
      action: 'key_revoked',
      actorId: signedIn(context).userId,
      address: context.address,
      target: String(keyId),
      detail: { user_id: userId },
    });
  });
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?( ?(Z|[+-]\d{2}:?\d{2}))?$/i;

/** A time without a zone is UTC. */
function expiryOf(text: string): Date {
  const [, clock, , , zone] = DATE_TIME.exec(text) ?? [];
  const time = Date.parse(clock && !zone ? `${text.replace(' ', 'T')}Z` : text);
  if (!DATE_TIME.test(text) || Number.isNaN(time)) {
    throw new AppError('invalid', [
      {
        type: 'datetime_parsing',
        loc: ['body', 'expires_at'],
        msg: 'Give a date and time in ISO 8601.',
        input: text,
      },
    ]);
  }
  if (time <= Date.now()) throw new AppError('bad_request', 'expires_at must be in the future.');
  return new Date(time);
}
