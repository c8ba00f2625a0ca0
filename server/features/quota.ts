import { type Kysely, sql } from 'kysely';
import { limitOf, type OwnQuotas, type QuotaName, quotaRefusal } from '#domain/access/quota.ts';
import { AppError } from '#domain/problem.ts';
import type { Database } from '#server/db/schema.ts';

type Store = Kysely<Database>;

export interface QuotaScope {
  readonly environmentId: number;
  /** Whose keys are counted. */
  readonly userId: number;
}

/** How many there are, in SQL. */
const COUNTS = {
  workflows: ({ environmentId }) =>
    sql`select count(*) from workflows where environment_id = ${environmentId}`,
  webhooks: ({ environmentId }) => sql`select count(*) from nodes n join workflows w on w.id = n.workflow_id
    where w.environment_id = ${environmentId} and n.type = 'trigger_webhook'`,
  schedules: ({ environmentId }) =>
    sql`select count(*) from schedules where environment_id = ${environmentId}`,
  credentials: ({ environmentId }) =>
    sql`select count(*) from credentials where environment_id = ${environmentId}`,
  api_keys: ({ userId }) => sql`select count(*) from api_keys where user_id = ${userId} and kind = 'key'
    and is_active and coalesce(expires_at > now(), true)`,
  queued_runs: ({ environmentId }) =>
    sql`select count(*) from executions where environment_id = ${environmentId} and status = 'queued'`,
} as const satisfies Readonly<Record<QuotaName, (scope: QuotaScope) => ReturnType<typeof sql>>>;

/** How many of these there are. */
export async function usedOf(db: Store, name: QuotaName, scope: QuotaScope): Promise<number> {
  const { rows } = await sql<{ used: number }>`select (${COUNTS[name](scope)})::int as used`.execute(db);
  return rows[0]?.used ?? 0;
}

/** An environment's own limits; null: it has none. */
export async function ownQuotas(db: Store, environmentId: number): Promise<OwnQuotas | null> {
  const row = await db
    .selectFrom('environments')
    .select('quotas')
    .where('id', '=', environmentId)
    .executeTakeFirst();
  return (row?.quotas ?? null) as OwnQuotas | null;
}

/**
 * Refuses what would be one too many. Call it in the transaction that makes it, before (`more` 1) or after (`more` 0)
 * the insert: whoever makes another one at the same time waits, so that two do not take the last place.
 * @throws AppError `conflict` naming the quota and the way out
 */
export async function refuseBeyondQuota(
  trx: Store,
  name: QuotaName,
  scope: QuotaScope,
  more: 0 | 1 = 1,
): Promise<void> {
  const place = `pipewright quota ${name} ${name === 'api_keys' ? `user ${scope.userId}` : scope.environmentId}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${place}, 0))`.execute(trx);
  const limit = limitOf(name, await ownQuotas(trx, scope.environmentId));
  const used = await usedOf(trx, name, scope);
  if (used + more > limit) throw new AppError('conflict', quotaRefusal(name, limit));
}
