import { sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';

/** US dollars per million tokens. */
export interface Price {
  readonly version: number;
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

export interface Tokens {
  /** Cached ones included. */
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

const MILLION = 1_000_000;

/** What so many tokens cost in US dollars; nothing where the model has no price. */
export function costOf(price: Price | null, { input, cached, output }: Tokens): number {
  if (price === null) return 0;
  const fresh = Math.max(0, input - cached);
  return (fresh * price.input + cached * price.cached + output * price.output) / MILLION;
}

/**
 * The price of a model: of the longest prefix its name begins with, in its latest version. Routers put the maker
 * before the name (`openai/gpt-4o`); it counts as well without. Null: it has none.
 */
export async function priceOf(db: Db, model: string): Promise<Price | null> {
  const name = model.toLowerCase();
  const bare = name.slice(name.lastIndexOf('/') + 1);
  const { rows } = await sql<{ version: number; input: string; cached: string; output: string }>`
    select version, input_usd as input, cached_input_usd as cached, output_usd as output
    from (
      select distinct on (prefix) * from model_prices
      where starts_with(${name}, lower(prefix)) or starts_with(${bare}, lower(prefix))
      order by prefix, version desc
    ) latest
    where not is_removed
    order by length(prefix) desc limit 1`.execute(db);
  const [row] = rows;
  if (!row) return null;
  return {
    version: row.version,
    input: Number(row.input),
    cached: Number(row.cached),
    output: Number(row.output),
  };
}
