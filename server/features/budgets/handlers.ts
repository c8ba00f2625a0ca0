import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { auditBy } from '../audit-log.ts';
import { type HandlersOf, signedIn } from '../handler.ts';
import { findBudget, listBudgets, putBudget } from './store.ts';

export function budgetHandlers(db: Db): HandlersOf<Contract['budgets']> {
  return {
    list: (context, input) => listBudgets(db, signedIn(context), input),
    put: (context, input) =>
      db.transaction().execute(async (trx) => {
        const viewer = signedIn(context);
        const id = await putBudget(trx, viewer, input);
        const { max_tokens, max_usd, period } = input;
        await auditBy(trx, context, {
          action: 'budget_changed',
          target: `budget ${id}`,
          detail: { period, max_tokens: max_tokens ?? null, max_usd: max_usd ?? null },
        });
        return findBudget(trx, viewer, id);
      }),
    remove: async (context, { budget_id }) => {
      await db.transaction().execute(async (trx) => {
        const { environmentId } = signedIn(context);
        const { numDeletedRows } = await trx
          .deleteFrom('budgets')
          .where('id', '=', budget_id)
          .where('environment_id', '=', environmentId)
          .executeTakeFirst();
        if (numDeletedRows === 0n) throw new AppError('not_found', 'Budget not found.');
        const target = `budget ${budget_id}`;
        await auditBy(trx, context, { action: 'budget_changed', target, detail: { removed: true } });
      });
    },
  };
}
