import { sql, type Transaction } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Database } from '#server/db/schema.ts';
import { type RequestContext, signedIn } from '../handler.ts';
import { audit } from './audit.ts';
import { hashPassword } from './password.ts';
import { endSessions } from './session-end.ts';
import type { UserOptions } from './user-option.ts';
import { refuseCommonPassword } from './weak-password.ts';

type Trx = Transaction<Database>;

/** Null and absent leave a thing as it is. */
export interface UserChanges {
  readonly role?: 'admin' | 'normal' | null | undefined;
  readonly password?: string | null | undefined;
  readonly first_name?: string | null | undefined;
  readonly last_name?: string | null | undefined;
  readonly is_active?: boolean | null | undefined;
}

interface Change {
  readonly userId: number;
  readonly changes: UserChanges;
}

/**
 * Changes somebody's account, on behalf of an administrator. Another role or password signs them out everywhere;
 * disabling also revokes their keys and those of the agents they made.
 * @throws AppError `not_found`; `conflict` when nobody would be left to administer
 */
export async function changeUser(
  { db, hashing }: UserOptions,
  context: RequestContext,
  { userId, changes }: Change,
): Promise<void> {
  const { password } = changes;
  if (typeof password === 'string') {
    const user = await db.selectFrom('users').select('username').where('id', '=', userId).executeTakeFirst();
    refuseCommonPassword(signedIn(context), password, user?.username ?? '');
  }
  const hash = typeof password === 'string' ? await hashing.run(() => hashPassword(password)) : null;
  await db.transaction().execute((trx) => change(trx, context, { userId, changes, hash }));
}

async function change(
  trx: Trx,
  context: RequestContext,
  { userId, changes, hash }: Change & { readonly hash: string | null },
): Promise<void> {
  const admins = await lockAdministrators(trx, changes);
  const user = await trx
    .selectFrom('users')
    .select(['username', 'role', 'disabled_at'])
    .where('id', '=', userId)
    .where('kind', '=', 'human')
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!user) throw new AppError('not_found', 'User not found.');
  const role = typeof changes.role === 'string' && changes.role !== user.role ? changes.role : null;
  const disabled = changes.is_active === false && user.disabled_at === null;
  const enabled = changes.is_active === true && user.disabled_at !== null;
  if (admins.length === 1 && admins[0] === userId) {
    if (role === 'normal') throw new AppError('conflict', 'Cannot demote the last admin user.');
    if (disabled) throw new AppError('conflict', 'Cannot delete the last admin user.');
  }
  const fields = {
    ...(typeof changes.first_name === 'string' && { first_name: changes.first_name }),
    ...(typeof changes.last_name === 'string' && { last_name: changes.last_name }),
    ...(role !== null && { role }),
    ...(hash !== null && { password_hash: hash }),
    ...(disabled && { disabled_at: sql<Date>`now()` }),
    ...(enabled && { disabled_at: null }),
  };
  if (Object.keys(fields).length === 0) return;
  await trx.updateTable('users').set(fields).where('id', '=', userId).execute();
  await signOut(trx, context, { userId, everywhere: disabled, elsewhere: role !== null || hash !== null });
  await record(trx, context, { userId, username: user.username, fields: Object.keys(fields), disabled });
}

/** Everybody who would be left, held so that two of them cannot remove each other at once. */
async function lockAdministrators(trx: Trx, { role, is_active }: UserChanges): Promise<number[]> {
  if (role !== 'normal' && is_active !== false) return [];
  const rows = await trx
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .where('kind', '=', 'human')
    .where('disabled_at', 'is', null)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return rows.map(({ id }) => id);
}

/** Elsewhere: whoever changes their own account stays signed in where they did it. */
async function signOut(
  trx: Trx,
  context: RequestContext,
  { userId, everywhere, elsewhere }: { userId: number; everywhere: boolean; elsewhere: boolean },
): Promise<void> {
  if (!everywhere && !elsewhere) return;
  const actor = signedIn(context);
  const keep = actor.userId === userId && !everywhere ? actor.credential : null;
  await endSessions(trx, userId, keep);
  if (!everywhere) return;
  await trx
    .updateTable('api_keys')
    .set({ is_active: false })
    .where('is_active', '=', true)
    .where((eb) =>
      eb.or([
        eb('user_id', '=', userId),
        eb('user_id', 'in', eb.selectFrom('users').select('id').where('created_by', '=', userId)),
      ]),
    )
    .execute();
}

interface Done {
  readonly userId: number;
  readonly username: string;
  readonly fields: readonly string[];
  readonly disabled: boolean;
}

async function record(trx: Trx, context: RequestContext, { userId, username, fields, disabled }: Done) {
  const entry = {
    actorId: signedIn(context).userId,
    address: context.address,
    target: username,
    detail: { user_id: userId, fields: fields.filter((field) => field !== 'password_hash') },
  };
  if (fields.includes('password_hash')) await audit(trx, { ...entry, action: 'password_changed' });
  const others = entry.detail.fields.filter((field) => field !== 'disabled_at' || !disabled);
  if (disabled) await audit(trx, { ...entry, action: 'user_disabled' });
  if (others.length > 0) await audit(trx, { ...entry, action: 'user_changed' });
}
