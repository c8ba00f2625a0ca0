/** One page of a list, as it came from the server. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly total: number;
}

/**
 * What to show while somebody is pointing at `held`: the same rows in the same order, with what `live` knows of them
 * by now. `fresh` is how many rows have appeared since.
 */
export function holdPage<T>(
  held: ListPage<T>,
  live: ListPage<T>,
  idOf: (item: T) => string,
): { items: T[]; total: number; fresh: number } {
  const now = new Map(live.items.map((item) => [idOf(item), item]));
  const items = held.items.map((item) => now.get(idOf(item)) ?? item);
  return { items, total: held.total, fresh: Math.max(0, live.total - held.total) };
}
