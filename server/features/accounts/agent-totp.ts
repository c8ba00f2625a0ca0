import type { Transaction } from 'kysely';
import { generateSync } from 'otplib';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import type { Sealer } from '#server/sealing/sealer.ts';
import { seesEverything, type Viewer } from '../handler.ts';
import { mfaSecretPlace } from './mfa-factor.ts';
import { newTotpSecret } from './totp.ts';

const PERIOD_SECONDS = 30;

export interface TotpCode {
  readonly username: string;
  readonly code: string;
  readonly seconds_left: number;
}

/**
 * The code an agent user would read from its authenticator now; the first time it is asked for, one is set up. Only of
 * agent users the viewer has made; an administrator asks for any.
 * @throws AppError `not_found`, also for people
 */
export async function agentTotpCode(
  { db, sealer }: { readonly db: Db; readonly sealer: Sealer },
  viewer: Viewer,
  username: string,
): Promise<TotpCode> {
  const secret = await db.transaction().execute(async (trx) => {
    const query = trx
      .selectFrom('users')
      .select('id')
      .where('username', '=', username)
      .where('kind', '=', 'agent')
      .where('disabled_at', 'is', null)
      .forUpdate();
    const own = seesEverything(viewer) ? query : query.where('created_by', '=', viewer.userId);
    const row = await own.executeTakeFirst();
    if (!row) throw new AppError('not_found', 'Agent user not found');
    return secretOf(trx, sealer, row.id);
  });
  const left = PERIOD_SECONDS - (Math.floor(Date.now() / 1000) % PERIOD_SECONDS);
  return { username, code: generateSync({ secret, period: PERIOD_SECONDS }), seconds_left: left };
}

/** The secret of a user whose row is locked. Agents have no password, so they cannot enrol as people do. */
async function secretOf(trx: Transaction<Database>, sealer: Sealer, userId: number): Promise<string> {
  const known = await trx
    .selectFrom('mfa_secrets')
    .select(['sealed', 'key_id'])
    .where('user_id', '=', userId)
    .where('state', '=', 'active')
    .executeTakeFirst();
  const place = mfaSecretPlace(userId);
  if (known) return sealer.open({ sealed: known.sealed, keyId: known.key_id }, place);
  const secret = newTotpSecret();
  const { sealed, keyId } = sealer.seal(secret, place);
  await trx
    .insertInto('mfa_secrets')
    .values({ user_id: userId, state: 'active', sealed, key_id: keyId })
    .execute();
  await trx.updateTable('users').set({ mfa_enabled: true }).where('id', '=', userId).execute();
  return secret;
}
