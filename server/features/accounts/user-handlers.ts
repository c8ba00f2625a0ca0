import { sql } from 'kysely';
import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../handler.ts';
import { audit } from './audit.ts';
import { issueKey } from './credential.ts';
import type { HashQueue } from './hash-queue.ts';
import { hashPassword } from './password.ts';

export function userHandlers(db: Db, hashing: HashQueue): HandlersOf<Contract['users']> {
  return {
    me: async (context) => userOut(db, signedIn(context).userId),
    updateMe: async (context, { password, first_name, last_name }) => {
      const { userId } = signedIn(context);
      const changed = {
        ...(typeof first_name === 'string' && { first_name }),
        ...(typeof last_name === 'string' && { last_name }),
        ...(typeof password === 'string' && {
          password_hash: await hashing.run(() => hashPassword(password)),
        }),
      };
      if (Object.keys(changed).length > 0) {
        await db.updateTable('users').set(changed).where('id', '=', userId).execute();
      }
      if (typeof password === 'string') await endOtherSessions(db, context);
      return userOut(db, userId);
    },
    keys: async (context) => {
      const rows = await db
        .selectFrom('api_keys')
        .selectAll()
        .where('user_id', '=', signedIn(context).userId)
        .orderBy('id', 'desc')
        .execute();
      return rows.map(keyOut);
    },
    createKey: async (context, { name, expires_at }) => {
      const { userId } = signedIn(context);
      const expiresAt = typeof expires_at === 'string' ? expiryOf(expires_at) : null;
      const { key, row } = await issueKey(db, { userId, name, kind: 'key', expiresAt });
      await audit(db, {
        action: 'key_created',
        actorId: userId,
        address: context.address,
        target: String(row.id),
      });
      return { ...keyOut(row), key };
    },
    revokeKey: async (context, { key_id }) => {
      const { userId } = signedIn(context);
      const row = await db
        .updateTable('api_keys')
        .set({ is_active: false })
        .where('id', '=', key_id)
        .where('user_id', '=', userId)
        .returning('id')
        .executeTakeFirst();
      if (!row) throw new AppError('not_found', 'API key not found.');
      await audit(db, {
        action: 'key_revoked',
        actorId: userId,
        address: context.address,
        target: String(key_id),
      });
    },
  };
}

async function userOut(db: Db, userId: number) {
  const row = await db
    .selectFrom('users')
    .select((eb) => [
      'id',
      'username',
      'role',
      'first_name',
      'last_name',
      'created_at',
      'mfa_enabled',
      eb
        .selectFrom('api_keys')
        .select(sql<number>`count(*)::int`.as('count'))
        .whereRef('api_keys.user_id', '=', 'users.id')
        .where('api_keys.is_active', '=', true)
        .as('key_count'),
    ])
    .where('id', '=', userId)
    .executeTakeFirst();
  if (!row) throw new AppError('unauthenticated', 'User not found.');
  return { ...row, created_at: row.created_at.toISOString(), key_count: row.key_count ?? 0 };
}

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

/** After a password change only the caller stays signed in. Keys made on purpose stay. */
async function endOtherSessions(db: Db, context: RequestContext): Promise<void> {
  const { userId, credential } = signedIn(context);
  const sessions = db.deleteFrom('sessions').where('user_id', '=', userId);
  const keys = db
    .updateTable('api_keys')
    .set({ is_active: false })
    .where('user_id', '=', userId)
    .where('kind', '=', 'session');
  const { kind, id } = credential;
  await (kind === 'session' ? sessions.where('id', '!=', id) : sessions).execute();
  await (kind === 'key' ? keys.where('id', '!=', id) : keys).execute();
  await audit(db, { action: 'password_changed', actorId: userId, address: context.address });
}
