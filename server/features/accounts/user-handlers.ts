import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../handler.ts';
import { createKey, listKeys, revokeKey } from './api-key.ts';
import { audit } from './audit.ts';
import { refuseLastingKey } from './fresh-password.ts';
import { hashPassword } from './password.ts';
import { endSessions } from './session-end.ts';
import { userAdministration } from './user-administration.ts';
import type { UserOptions } from './user-option.ts';
import { selectUsers, userOut } from './user-out.ts';
import { refuseCommonPassword } from './weak-password.ts';

export function userHandlers(options: UserOptions): HandlersOf<Contract['users']> {
  const { db } = options;
  return {
    me: (context) => ownAccount(db, context),
    updateMe: (context, changes) => updateMe(options, context, changes),
    keys: (context) => listKeys(db, signedIn(context).userId),
    createKey: (context, wanted) => {
      // Agents own no environment: their keys work where they do.
      const { userId, environmentId } = signedIn(context);
      return createKey(db, context, { ...wanted, userId, environmentId });
    },
    revokeKey: (context, { key_id }) =>
      revokeKey(db, context, { userId: signedIn(context).userId, keyId: key_id }),
    ...userAdministration(options),
  };
}

async function ownAccount(db: Db, context: RequestContext) {
  const row = await selectUsers(db).where('id', '=', signedIn(context).userId).executeTakeFirst();
  if (!row) throw new AppError('unauthenticated', 'User not found.');
  return userOut(row);
}

interface Changes {
  readonly password?: string | null | undefined;
  readonly first_name?: string | null | undefined;
  readonly last_name?: string | null | undefined;
}

/**
 * After a password change only the caller stays signed in. Keys made on purpose stay, and do not suffice for it:
 * whoever found one could otherwise sign in and do what takes a password.
 */
async function updateMe({ db, hashing }: UserOptions, context: RequestContext, changes: Changes) {
  const { password, first_name, last_name } = changes;
  const { userId, username, credential } = signedIn(context);
  if (typeof password === 'string') {
    await refuseAgent(db, userId);
    await refuseLastingKey(db, credential);
    refuseCommonPassword({ credential }, password, username);
  }
  const changed = {
    ...(typeof first_name === 'string' && { first_name }),
    ...(typeof last_name === 'string' && { last_name }),
    ...(typeof password === 'string' && { password_hash: await hashing.run(() => hashPassword(password)) }),
  };
  if (Object.keys(changed).length === 0) return ownAccount(db, context);
  await db.transaction().execute(async (trx) => {
    await trx.updateTable('users').set(changed).where('id', '=', userId).execute();
    if (!('password_hash' in changed)) return;
    await endSessions(trx, userId, credential);
    await audit(trx, { action: 'password_changed', actorId: userId, address: context.address });
  });
  return ownAccount(db, context);
}

async function refuseAgent(db: Db, userId: number): Promise<void> {
  const user = await db.selectFrom('users').select('kind').where('id', '=', userId).executeTakeFirst();
  if (user?.kind === 'agent') throw new AppError('forbidden', 'Agent users have no password.');
}
