import { sql } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { type RequestContext, signedIn, type Viewer } from '../handler.ts';
import type { PasswordStep } from './sign-in.ts';

const FRESH_SECONDS = 10 * 60;

const refused = (text: string): AppError =>
  new AppError('forbidden', text, { extra: { reason: 'reauth_required' } });

/**
 * Lets only those touch a second factor who have shown their password lately, so that a key or an open browser that
 * fell into wrong hands is not enough. Login keys come of a password; those who use them have no way to send it again.
 * @throws AppError `forbidden` with `reason: "reauth_required"`
 */
export async function requireFreshPassword(
  { db, passwords }: { readonly db: Db; readonly passwords: PasswordStep },
  context: RequestContext,
  password: string | undefined,
): Promise<void> {
  const { credential, username } = signedIn(context);
  await refuseLastingKey(db, credential);
  if (credential.kind === 'key') return;
  if (password !== undefined) {
    if (await passwords.confirm(context, { username, password })) return;
    throw refused('The password is wrong.');
  }
  const session = await db
    .selectFrom('sessions')
    .select(sql<boolean>`created_at > now() - make_interval(secs => ${FRESH_SECONDS})`.as('fresh'))
    .where('id', '=', credential.id)
    .executeTakeFirst();
  if (!session?.fresh) throw refused('Enter your password again to do this.');
}

/** @throws AppError `forbidden` with `reason: "reauth_required"` for an API key that did not come of a password. */
export async function refuseLastingKey(db: Db, { kind, id }: Viewer['credential']): Promise<void> {
  if (kind !== 'key') return;
  const key = await db.selectFrom('api_keys').select('kind').where('id', '=', id).executeTakeFirst();
  if (key?.kind === 'session') return;
  throw refused('Sign in with your password for this; an API key does not suffice.');
}
