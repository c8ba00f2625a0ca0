import { AppError } from '#domain/problem.ts';
import { type RequestContext, signedIn } from '../handler.ts';
import { audit } from './audit.ts';
import { hashPassword } from './password.ts';
import { createAccount } from './setup.ts';
import type { UserOptions } from './user-option.ts';
import { refuseCommonPassword } from './weak-password.ts';

export interface NewUserRequest {
  readonly username: string;
  readonly password: string;
  readonly role: 'admin' | 'normal';
  readonly first_name?: string | null | undefined;
  readonly last_name?: string | null | undefined;
}

/**
 * Makes an account for somebody, with an environment of their own. @returns its id.
 * @throws AppError `conflict` when the username is taken, `invalid` for a common password
 */
export async function createUser(
  { db, hashing, welcomes }: UserOptions,
  context: RequestContext,
  wanted: NewUserRequest,
): Promise<number> {
  const { username, password, role } = wanted;
  refuseCommonPassword(signedIn(context), password, username);
  const password_hash = await hashing.run(() => hashPassword(password));
  const names = { first_name: wanted.first_name ?? '', last_name: wanted.last_name ?? '' };
  return usernameFree(() =>
    db.transaction().execute(async (trx) => {
      const owner = await createAccount(trx, { username, password_hash, role, ...names }, welcomes);
      await audit(trx, {
        action: 'user_created',
        actorId: signedIn(context).userId,
        address: context.address,
        target: username,
        detail: { user_id: owner.userId, role },
      });
      return owner.userId;
    }),
  );
}

/** Runs what adds an account. @throws AppError `conflict` when its username is taken, in whatever case. */
export async function usernameFree<T>(add: () => Promise<T>): Promise<T> {
  try {
    return await add();
  } catch (error) {
    const taken = error instanceof Error && 'constraint' in error && error.constraint === 'users_username';
    throw taken ? new AppError('conflict', 'Username already exists.') : error;
  }
}
