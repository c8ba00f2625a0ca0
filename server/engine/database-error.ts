/** Serialisation, deadlock, lock timeout, read-only (a standby being promoted), a database closed to connections. */
const PASSING = new Set(['40001', '40P01', '55P03', '25006', '55000']);

/** Whether trying the same statement again later can help: the server is away, starting, stopping or was in a hurry. */
export function isPassing(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') {
    const message = error instanceof Error ? error.message : '';
    return /connection|terminat|timeout|ended/i.test(message);
  }
  if (/^E[A-Z]+$/.test(code)) return true;
  return /^(08|57|53|58)/.test(code) || PASSING.has(code);
}

/** Waits that grow from 20 ms to 1 s. */
export function backoff(attempt: number): Promise<void> {
  const ms = Math.min(1000, 20 * 2 ** Math.min(attempt, 10));
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Whether what a new row refers to has been deleted, such as the workflow of a run. */
export const isGone = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === '23503';
