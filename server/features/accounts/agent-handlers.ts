import { randomBytes } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import { type HandlersOf, type RequestContext, seesEverything, signedIn, type Viewer } from '../handler.ts';
import { audit } from './audit.ts';
import { issueKey } from './credential.ts';
import { usernameFree } from './user-creation.ts';

type Trx = Transaction<Database>;

/** Accounts for programs. They work in the environment of whoever made them, who may delete them. */
export function agentHandlers(db: Db): HandlersOf<Contract['agents']> {
  return {
    list: (context, filter) => listAgents(db, signedIn(context), filter),
    create: (context, wanted) => createAgent(db, context, wanted),
    delete: async (context, { user_id }) => {
      const deleted = await db.transaction().execute((trx) => deleteAgents(trx, context, [user_id]));
      if (deleted === 0) throw new AppError('not_found', 'Agent user not found');
    },
    batchDelete: async (context, { ids }) => {
      await db.transaction().execute((trx) => deleteAgents(trx, context, ids));
    },
  };
}

function selectAgents(db: Db | Trx, viewer: Viewer) {
  return db
    .selectFrom('users as agent')
    .leftJoin('users as maker', 'maker.id', 'agent.created_by')
    .where('agent.kind', '=', 'agent')
    .where('agent.disabled_at', 'is', null)
    .$if(!seesEverything(viewer), (query) => query.where('agent.created_by', '=', viewer.userId));
}

const shown = (db: Db | Trx, viewer: Viewer) =>
  selectAgents(db, viewer).select((eb) => [
    'agent.id',
    'agent.username',
    'agent.purpose',
    'agent.created_at',
    'maker.username as created_by',
    eb
      .selectFrom('api_keys')
      .select('suffix')
      .whereRef('api_keys.user_id', '=', 'agent.id')
      .where('suffix', 'is not', null)
      .where('is_active', '=', true)
      .orderBy('id', 'desc')
      .limit(1)
      .as('suffix'),
  ]);

type Row = Awaited<ReturnType<ReturnType<typeof shown>['executeTakeFirstOrThrow']>>;

const agentOut = ({ suffix, ...row }: Row) => ({
  ...row,
  api_key_preview: suffix === null ? '' : `...${suffix}`,
  created_at: row.created_at.toISOString(),
});

interface AgentFilter {
  readonly limit: number;
  readonly offset: number;
  readonly q?: string | undefined;
}

async function listAgents(db: Db, viewer: Viewer, { limit, offset, q }: AgentFilter) {
  const matches = sql<boolean>`position(lower(${q ?? ''}) in lower(agent.username || ' ' || agent.purpose)) > 0`;
  const { total } = await selectAgents(db, viewer)
    .$if(Boolean(q), (query) => query.where(matches))
    .select(sql<number>`count(*)::int`.as('total'))
    .executeTakeFirstOrThrow();
  const rows = await shown(db, viewer)
    .$if(Boolean(q), (query) => query.where(matches))
    .orderBy('agent.created_at', 'desc')
    .orderBy('agent.id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
  return { items: rows.map(agentOut), total };
}

interface NewAgent {
  readonly username?: string | null | undefined;
  readonly purpose: string;
}

function createAgent(db: Db, context: RequestContext, { username, purpose }: NewAgent) {
  const viewer = signedIn(context);
  const name = username ?? `agent-${randomBytes(4).toString('hex')}`;
  return usernameFree(() =>
    db.transaction().execute(async (trx) => {
      await refuseAgents(trx, viewer);
      const { id } = await trx
        .insertInto('users')
        .values({ username: name, role: 'normal', kind: 'agent', purpose, created_by: viewer.userId })
        .returning('id')
        .executeTakeFirstOrThrow();
      const { environmentId } = viewer;
      await trx
        .insertInto('memberships')
        .values({ environment_id: environmentId, user_id: id, role: 'editor' })
        .execute();
      const { key } = await issueKey(trx, {
        userId: id,
        name: 'agent',
        kind: 'key',
        expiresAt: null,
        environmentId,
        keepSuffix: true,
      });
      await audit(trx, {
        action: 'agent_created',
        actorId: viewer.userId,
        environmentId,
        address: context.address,
        target: name,
        detail: { user_id: id },
      });
      const row = await shown(trx, viewer).where('agent.id', '=', id).executeTakeFirstOrThrow();
      return { ...agentOut(row), key };
    }),
  );
}

/**
 * An agent that makes agents could outlive being deleted; so could one whose maker is disabled meanwhile, so the
 * maker is held until the end.
 */
async function refuseAgents(trx: Trx, { userId }: Viewer): Promise<void> {
  const user = await trx
    .selectFrom('users')
    .select('kind')
    .where('id', '=', userId)
    .where('disabled_at', 'is', null)
    .forShare()
    .executeTakeFirst();
  if (!user) throw new AppError('unauthenticated', 'User not found.');
  if (user.kind === 'agent') throw new AppError('forbidden', 'Agent users cannot make agent users.');
}

/**
 * Deletes those of `ids` that are agents the caller may delete. What they made has to keep its owner, so the row
 * stays, nameless, without keys and out of every list; the username is free again.
 * @returns how many.
 */
async function deleteAgents(trx: Trx, context: RequestContext, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  const viewer = signedIn(context);
  const found = await selectAgents(trx, viewer)
    .select(['agent.id', 'agent.username'])
    .where('agent.id', 'in', [...ids])
    .orderBy('agent.id')
    .forUpdate('agent')
    .execute();
  if (found.length === 0) return 0;
  const own = found.map(({ id }) => id);
  await trx.deleteFrom('api_keys').where('user_id', 'in', own).execute();
  await trx.deleteFrom('sessions').where('user_id', 'in', own).execute();
  await trx.deleteFrom('memberships').where('user_id', 'in', own).execute();
  await trx
    .updateTable('users')
    .set({ disabled_at: sql`now()`, username: sql`'deleted agent ' || uid` })
    .where('id', 'in', own)
    .execute();
  for (const { id, username } of found) {
    await audit(trx, {
      action: 'agent_deleted',
      actorId: viewer.userId,
      address: context.address,
      target: username,
      detail: { user_id: id },
    });
  }
  return found.length;
}
