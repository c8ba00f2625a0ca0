import type { Contract } from '#contract/contract.ts';
import { limitOf, type OwnQuotas, QUOTA_NAMES, QUOTAS } from '#domain/access/quota.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { auditBy } from '../audit-log.ts';
import { type HandlersOf, signedIn } from '../handler.ts';
import { ownQuotas, type QuotaScope, usedOf } from '../quota.ts';

export function quotaHandlers(db: Db): HandlersOf<Contract['quotas']> {
  return {
    get: (context) => present(db, signedIn(context)),
    update: async (context, { environment_id, ...limits }) => {
      const sent = Object.entries(limits).filter(([, limit]) => limit !== undefined);
      await db.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('environments')
          .select('quotas')
          .where('id', '=', environment_id)
          .forUpdate()
          .executeTakeFirst();
        if (!row) throw new AppError('not_found', 'Environment not found.');
        const before = (row.quotas ?? {}) as OwnQuotas;
        const after = Object.entries({ ...before, ...Object.fromEntries(sent) }).filter(
          ([, limit]) => limit !== null,
        );
        await trx
          .updateTable('environments')
          .set({ quotas: after.length === 0 ? null : JSON.stringify(Object.fromEntries(after)) })
          .where('id', '=', environment_id)
          .execute();
        await auditBy(trx, context, {
          action: 'settings_changed',
          target: `quotas of environment ${environment_id}`,
          detail: { keys: sent.map(([name]) => name) },
        });
      });
      return present(db, { environmentId: environment_id, userId: signedIn(context).userId });
    },
  };
}

async function present(db: Db, scope: QuotaScope) {
  const own = await ownQuotas(db, scope.environmentId);
  const used = await Promise.all(QUOTA_NAMES.map((name) => usedOf(db, name, scope)));
  return {
    environment_id: scope.environmentId,
    quotas: QUOTA_NAMES.map((name, at) => ({
      name,
      used: used[at] ?? 0,
      limit: limitOf(name, own),
      usual: QUOTAS[name].limit,
    })),
  };
}
