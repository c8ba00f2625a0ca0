import { type Kysely, sql, type Transaction } from 'kysely';
import type { OutputOf } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Database } from '#server/db/schema.ts';

export type PriceOut = OutputOf<'models', 'setPrice'>;

interface PriceRow {
  readonly prefix: string;
  readonly version: number;
  readonly input_usd: string;
  readonly cached_input_usd: string;
  readonly output_usd: string;
  readonly is_built_in: boolean;
  readonly is_removed: boolean;
  readonly created_at: Date;
  /** Whether one was delivered for this prefix. */
  readonly was_built_in: boolean;
}

const latest = sql`
  select distinct on (prefix) *, exists (
    select from model_prices first where first.prefix = model_prices.prefix and first.is_built_in
  ) as was_built_in
  from model_prices order by prefix, version desc`;

/** Prices as they are now, by prefix. */
export async function listPrices(
  db: Kysely<Database>,
  { q, limit, offset }: { readonly q?: string | undefined; readonly limit: number; readonly offset: number },
) {
  const part = q?.trim().toLowerCase() ?? '';
  const where = sql`where not is_removed and position(${part} in lower(prefix)) > 0`;
  const counted = await sql<{ total: number }>`
    select count(*)::int as total from (${latest}) latest ${where}`.execute(db);
  const { rows } = await sql<PriceRow>`
    select * from (${latest}) latest ${where} order by prefix limit ${limit} offset ${offset}`.execute(db);
  return { items: rows.map(priceOutOf), total: counted.rows[0]?.total ?? 0 };
}

async function latestOf(db: Kysely<Database>, prefix: string): Promise<PriceRow | null> {
  const { rows } = await sql<PriceRow>`select * from (${latest}) latest where prefix = ${prefix}`.execute(db);
  return rows[0] ?? null;
}

export interface PriceIn {
  readonly prefix: string;
  readonly input_usd: number;
  readonly cached_input_usd: number;
  readonly output_usd: number;
}

/** Sets a price as a new version, unless it is the same already. */
export async function setPrice(
  trx: Transaction<Database>,
  price: PriceIn,
  userId: number,
): Promise<PriceOut> {
  const before = await latestOf(trx, price.prefix);
  if (before && !before.is_removed && isSame(before, price)) return priceOutOf(before);
  await trx
    .insertInto('model_prices')
    .values({ ...price, changed_by: userId })
    .execute();
  const after = await latestOf(trx, price.prefix);
  if (!after) throw new AppError('not_found', 'Price not found.');
  return priceOutOf(after);
}

const isSame = (row: Omit<PriceRow, 'was_built_in'>, price: PriceIn): boolean =>
  Number(row.input_usd) === price.input_usd &&
  Number(row.cached_input_usd) === price.cached_input_usd &&
  Number(row.output_usd) === price.output_usd;

/** @throws AppError `not_found` */
export async function removePrice(trx: Transaction<Database>, prefix: string, userId: number): Promise<void> {
  const before = await latestOf(trx, prefix);
  if (!before || before.is_removed) throw new AppError('not_found', 'Price not found.');
  await trx
    .insertInto('model_prices')
    .values({ ...NOTHING, prefix, is_removed: true, changed_by: userId })
    .execute();
}

const NOTHING = { input_usd: 0, cached_input_usd: 0, output_usd: 0 };

/**
 * Puts prices back to those that were delivered, and removes the others. @returns how many changed
 * @throws AppError `not_found` for a prefix that never had a price
 */
export async function resetPrices(
  trx: Transaction<Database>,
  prefix: string | null,
  userId: number,
): Promise<number> {
  const { rows } = await sql<PriceRow>`
    select * from (${latest}) latest ${prefix === null ? sql`` : sql`where prefix = ${prefix}`}`.execute(trx);
  if (prefix !== null && rows.length === 0) throw new AppError('not_found', 'Price not found.');
  const changed = rows.filter((row) => !row.is_built_in && !(row.is_removed && !row.was_built_in));
  for (const row of changed) {
    if (!row.was_built_in) await removePrice(trx, row.prefix, userId);
    else {
      await sql`
        insert into model_prices (prefix, input_usd, cached_input_usd, output_usd, is_built_in, changed_by)
        select prefix, input_usd, cached_input_usd, output_usd, true, ${userId} from model_prices
        where prefix = ${row.prefix} and is_built_in order by version desc limit 1`.execute(trx);
    }
  }
  return changed.length;
}

const priceOutOf = (row: PriceRow): PriceOut => ({
  prefix: row.prefix,
  input_usd: Number(row.input_usd),
  cached_input_usd: Number(row.cached_input_usd),
  output_usd: Number(row.output_usd),
  version: row.version,
  origin: row.is_built_in ? 'built_in' : row.was_built_in ? 'changed' : 'own',
  updated_at: row.created_at.toISOString(),
});
