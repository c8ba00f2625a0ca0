import type { Contract } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';
import { auditBy } from '../audit-log.ts';
import { type HandlersOf, signedIn } from '../handler.ts';
import { listCalls } from './call-list.ts';
import { listPrices, removePrice, resetPrices, setPrice } from './price-store.ts';
import { usageReport } from './usage-report.ts';

export function modelHandlers(db: Db): HandlersOf<Contract['models']> {
  return {
    prices: (_context, input) => listPrices(db, input),
    setPrice: (context, { prefix, cached_input_usd, ...rest }) =>
      db.transaction().execute(async (trx) => {
        const price = { prefix, ...rest, cached_input_usd: cached_input_usd ?? rest.input_usd };
        const set = await setPrice(trx, price, signedIn(context).userId);
        await auditBy(trx, context, { action: 'price_changed', target: prefix, detail: { ...price } });
        return set;
      }),
    removePrice: async (context, { prefix }) => {
      await db.transaction().execute(async (trx) => {
        await removePrice(trx, prefix, signedIn(context).userId);
        await auditBy(trx, context, { action: 'price_changed', target: prefix, detail: { removed: true } });
      });
    },
    resetPrices: (context, { prefix }) =>
      db.transaction().execute(async (trx) => {
        const changed = await resetPrices(trx, prefix ?? null, signedIn(context).userId);
        const target = prefix ?? 'all prices';
        await auditBy(trx, context, { action: 'price_changed', target, detail: { reset: changed } });
        return { changed };
      }),
    usage: (context, input) => usageReport(db, signedIn(context), input),
    calls: (context, input) => listCalls(db, signedIn(context), input),
  };
}
