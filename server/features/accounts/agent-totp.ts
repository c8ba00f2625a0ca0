import { generateSync } from 'otplib';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Sealer } from '#server/sealing/sealer.ts';
import { seesEverything, type Viewer } from '../handler.ts';
import { mfaSecretPlace } from './mfa-factor.ts';

const PERIOD_SECONDS = 30;

export interface TotpCode {
  readonly username: string;
  readonly code: string;
  readonly seconds_left: number;
}

/**
 * The code an agent user would read from its authenticator now. Only of agent users the viewer has made; an
 * administrator asks for any.
 * @throws AppError `not_found`, also for people; `bad_request` when it has no second factor.
 */
export async function agentTotpCode(
  { db, sealer }: { readonly db: Db; readonly sealer: Sealer },
  viewer: Viewer,
  username: string,
): Promise<TotpCode> {
  const query = db
    .selectFrom('users')
    .leftJoin('mfa_secrets as m', (join) =>
      join.onRef('m.user_id', '=', 'users.id').on('m.state', '=', 'active'),
    )
    .select(['users.id', 'm.sealed', 'm.key_id'])
    .where('users.username', '=', username)
    .where('users.kind', '=', 'agent')
    .where('users.disabled_at', 'is', null);
  const own = seesEverything(viewer) ? query : query.where('users.created_by', '=', viewer.userId);
  const row = await own.executeTakeFirst();
  if (!row) throw new AppError('not_found', 'Agent user not found');
  if (row.sealed === null || row.key_id === null) {
    throw new AppError('bad_request', `The agent user ${username} has no second factor set up.`);
  }
  const secret = sealer.open({ sealed: row.sealed, keyId: row.key_id }, mfaSecretPlace(row.id));
  const left = PERIOD_SECONDS - (Math.floor(Date.now() / 1000) % PERIOD_SECONDS);
  return { username, code: generateSync({ secret, period: PERIOD_SECONDS }), seconds_left: left };
}
