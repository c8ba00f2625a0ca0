/** Milliseconds until the next try after the `retry`-th failure in a row (from 1): doubling, at most ten intervals. */
export function backoffMs(intervalSeconds: number, retry: number): number {
  const interval = intervalSeconds * 1000;
  return Math.min(interval * 2 ** Math.max(0, retry - 1), 10 * interval);
}
