import { sql } from 'kysely';
import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../handler.ts';
import { createKey, listKeys, revokeKey } from './api-key.ts';
import { audit } from './audit.ts';
import { removeMfa } from './mfa-factor.ts';
import { endSessions } from './session-end.ts';
import { changeUser } from './user-change.ts';
import { createUser, type NewUserRequest } from './user-creation.ts';
import type { UserOptions } from './user-option.ts';
import { selectUsers, userOut } from './user-out.ts';

type Users = HandlersOf<Contract['users']>;
type Administration = Omit<Users, 'me' | 'updateMe' | 'keys' | 'createKey' | 'revokeKey'>;

const notFound = (): AppError => new AppError('not_found', 'User not found.');

/** What administrators do with other people's accounts. Agents are none of these: they have routes of their own. */
export function userAdministration(options: UserOptions): Administration {
  const { db } = options;
  return {
    list: (_context, filter) => listUsers(db, filter),
    create: async (context, wanted: NewUserRequest) => {
      const id = await createUser(options, context, wanted);
      return oneUser(db, id);
    },
    get: (_context, { user_id }) => oneUser(db, user_id),
    update: async (context, { user_id, ...changes }) => {
      await oneUser(db, user_id);
      await changeUser(options, context, { userId: user_id, changes });
      return oneUser(db, user_id);
    },
    disable: (context, { user_id }) =>
      changeUser(options, context, { userId: user_id, changes: { is_active: false } }),
    resetMfa: (context, { user_id }) => resetMfa(db, context, user_id),
    userKeys: async (_context, { user_id }) => {
      await oneUser(db, user_id);
      return listKeys(db, user_id);
    },
    createUserKey: async (context, { user_id, ...wanted }) => {
      const user = await oneUser(db, user_id);
      if (!user.is_active) throw new AppError('conflict', 'This user is disabled.');
      return createKey(db, context, { ...wanted, userId: user_id });
    },
    revokeUserKey: async (context, { user_id, key_id }) => {
      const human = await humans(db).where('id', '=', user_id).executeTakeFirst();
      if (!human) throw new AppError('not_found', 'API key not found.');
      await revokeKey(db, context, { userId: user_id, keyId: key_id });
    },
  };
}

const humans = (db: Db) => selectUsers(db).where('users.kind', '=', 'human');

async function oneUser(db: Db, id: number) {
  const row = await humans(db).where('id', '=', id).executeTakeFirst();
  if (!row) throw notFound();
  return userOut(row);
}

interface UserFilter {
  readonly limit: number;
  readonly offset: number;
  readonly q?: string | undefined;
  readonly role?: string | undefined;
  readonly is_active?: boolean | undefined;
  readonly sort?: 'username' | '-username' | 'created_at' | '-created_at' | '' | undefined;
}

async function listUsers(db: Db, { limit, offset, q, role, is_active, sort }: UserFilter) {
  let query = humans(db);
  if (q) {
    const text = sql<string>`lower(concat_ws(' ', username, first_name, last_name))`;
    query = query.where(sql<boolean>`position(lower(${q}) in ${text}) > 0`);
  }
  if (role) query = query.where(sql<string>`role`, '=', role);
  if (is_active !== undefined) query = query.where('disabled_at', is_active ? 'is' : 'is not', null);
  const { total } = await query
    .clearSelect()
    .select(sql<number>`count(*)::int`.as('total'))
    .executeTakeFirstOrThrow();
  const direction = sort?.startsWith('-') ? 'desc' : 'asc';
  if (sort) {
    const column = sort.endsWith('username') ? sql`lower(username)` : sql`created_at`;
    query = query.orderBy(column, direction);
  }
  const rows = await query.orderBy('id', direction).limit(limit).offset(offset).execute();
  const items = rows.map(userOut);
  return { users: items, items, total };
}

/** For somebody who lost their device. One's own MFA takes a code, or this machine. */
async function resetMfa(db: Db, context: RequestContext, userId: number) {
  const actor = signedIn(context);
  const user = await oneUser(db, userId);
  if (userId === actor.userId) {
    throw new AppError('forbidden', 'Turn your own MFA off with a code or a recovery code.');
  }
  await db.transaction().execute(async (trx) => {
    await removeMfa(trx, userId);
    await endSessions(trx, userId, null);
    await audit(trx, {
      action: 'mfa_reset',
      actorId: actor.userId,
      address: context.address,
      target: user.username,
      detail: { user_id: userId },
    });
  });
  return { mfa_enabled: false };
}
