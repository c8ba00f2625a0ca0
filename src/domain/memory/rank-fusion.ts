/** How much the first places of a list count more than the next ones; usual for this way of joining. */
const DAMPING = 60;

/**
 * Joins rankings that have no measure in common, such as one by words and one by meaning: what stands far up in one
 * is far up, what stands in several goes before it (reciprocal rank fusion). Of equals the earlier list's go first.
 * @returns every entry once, best first
 */
export function fuseRanks<T>(rankings: readonly (readonly T[])[], idOf: (entry: T) => string): T[] {
  const scores = new Map<string, { readonly entry: T; score: number }>();
  for (const ranking of rankings) {
    for (const [place, entry] of ranking.entries()) {
      const id = idOf(entry);
      const known = scores.get(id) ?? { entry, score: 0 };
      known.score += 1 / (DAMPING + place + 1);
      scores.set(id, known);
    }
  }
  return [...scores.values()].toSorted((a, b) => b.score - a.score).map(({ entry }) => entry);
}
