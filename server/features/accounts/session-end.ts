import type { Transaction } from 'kysely';
import type { Database } from '#server/db/schema.ts';
import type { Viewer } from '../handler.ts';
import { closeGrants } from './login-grant.ts';

/**
 * Signs a user out everywhere, except where `keep` was let in: ends browser sessions, login keys and sign-ins that
 * wait for their code. Keys made on purpose stay. Sockets notice within seconds.
 * @returns how many ended.
 */
export async function endSessions(
  trx: Transaction<Database>,
  userId: number,
  keep: Viewer['credential'] | null,
): Promise<number> {
  await closeGrants(trx, userId);
  const sessions = trx.deleteFrom('sessions').where('user_id', '=', userId);
  const keys = trx
    .updateTable('api_keys')
    .set({ is_active: false })
    .where('user_id', '=', userId)
    .where('kind', '=', 'session')
    .where('is_active', '=', true);
  const ended = await (keep?.kind === 'session' ? sessions.where('id', '!=', keep.id) : sessions)
    .returning('id')
    .execute();
  const revoked = await (keep?.kind === 'key' ? keys.where('id', '!=', keep.id) : keys)
    .returning('id')
    .execute();
  return ended.length + revoked.length;
}
