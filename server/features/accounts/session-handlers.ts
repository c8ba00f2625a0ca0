import { sql } from 'kysely';
import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, type RequestContext, signedIn, type Viewer } from '../handler.ts';
import { audit } from './audit.ts';
import { endSessions } from './session-end.ts';

/** Where somebody is signed in: browsers, and programs with a key they were given for a password. */
export function sessionHandlers(db: Db): HandlersOf<Contract['sessions']> {
  return {
    list: (context, { limit, offset }) => listSessions(db, signedIn(context), { limit, offset }),
    revoke: (context, { session_id }) => revoke(db, context, session_id),
    revokeOthers: async (context) => {
      const { userId, credential } = signedIn(context);
      return db.transaction().execute(async (trx) => {
        const revoked = await endSessions(trx, userId, credential);
        await audit(trx, {
          action: 'session_ended',
          actorId: userId,
          address: context.address,
          detail: { count: revoked },
        });
        return { revoked };
      });
    },
  };
}

interface Row {
  readonly kind: 'browser' | 'key';
  readonly id: number;
  readonly user_agent: string;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly expires_at: Date | null;
  readonly current: boolean;
  readonly total: number;
}

interface Page {
  readonly limit: number;
  readonly offset: number;
}

async function listSessions(db: Db, { userId, credential }: Viewer, { limit, offset }: Page) {
  const currentKind = credential.kind === 'session' ? 'browser' : 'key';
  const live = sql`
    select 'browser' as kind, id, user_agent, created_at, last_used_at, expires_at from sessions
    where user_id = ${userId} and expires_at > now()
    union all
    select 'key', id, user_agent, created_at, last_used_at, expires_at from api_keys
    where user_id = ${userId} and kind = 'session' and is_active and coalesce(expires_at > now(), true)`;
  const { rows } = await sql<Row>`
    select live.*, kind = ${currentKind} and id = ${credential.id} as current from (${live}) live
    order by current desc, coalesce(last_used_at, created_at) desc, kind, id desc
    limit ${limit} offset ${offset}`.execute(db);
  const counted = await sql<{ total: number }>`select count(*)::int as total from (${live}) live`.execute(db);
  return { items: rows.map(sessionOut), total: counted.rows[0]?.total ?? 0 };
}

const sessionOut = ({ kind, id, user_agent, current, ...times }: Row) => ({
  id: `${kind}-${id}`,
  kind,
  user_agent,
  created_at: times.created_at.toISOString(),
  last_used_at: times.last_used_at?.toISOString() ?? null,
  expires_at: times.expires_at?.toISOString() ?? null,
  current,
});

const SESSION_ID = /^(browser|key)-(\d{1,9})$/;

async function revoke(db: Db, context: RequestContext, sessionId: string): Promise<void> {
  const { userId, credential } = signedIn(context);
  const [, kind, digits] = SESSION_ID.exec(sessionId) ?? [];
  const id = Number(digits);
  await db.transaction().execute(async (trx) => {
    const ended =
      kind === 'browser'
        ? await trx
            .deleteFrom('sessions')
            .where('id', '=', id)
            .where('user_id', '=', userId)
            .returning('id')
            .executeTakeFirst()
        : kind === 'key' &&
          (await trx
            .updateTable('api_keys')
            .set({ is_active: false })
            .where('id', '=', id)
            .where('user_id', '=', userId)
            .where('kind', '=', 'session')
            .where('is_active', '=', true)
            .returning('id')
            .executeTakeFirst());
    if (!ended) throw new AppError('not_found', 'Session not found.');
    await audit(trx, {
      action: 'session_ended',
      actorId: userId,
      address: context.address,
      target: sessionId,
    });
  });
  if (kind === 'browser' && credential.kind === 'session' && credential.id === id)
    context.setSession(null, 0);
}
