/** Edit distance of two short words, stopping early once it exceeds `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > limit) return limit + 1;
    row = next;
  }
  return row[b.length] ?? limit + 1;
}

/** The candidate most like `word` (letter case aside), or null when none is close enough to suggest. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  // Long keys come from data, not from a person's typing; comparing them would only cost time.
  if (word.length > 64) return null;
  const lower = word.toLowerCase();
  let best: string | null = null;
  // Two edits cover swapped letters; a very short word allows one, or anything would resemble it.
  const allowed = word.length < 4 ? Math.min(1, word.length - 1) : Math.max(2, Math.floor(word.length / 3));
  let bestDistance = allowed + 1;
  for (const candidate of candidates) {
    const found = distance(lower, candidate.toLowerCase(), bestDistance - 1);
    if (found < bestDistance) {
      best = candidate;
      bestDistance = found;
    }
  }
  return best;
}

/** ` Did you mean “x”?`, or nothing. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const found = nearest(word, candidates);
  return found === null ? '' : ` Did you mean “${found}”?`;
}
