import type { Pool } from 'pg';
import type { Reply } from '#domain/node/executor.ts';
import type { Failure } from '#domain/run/fact.ts';
import type { EventHub } from './events.ts';
import { EngineError, type RunResult, type RunStatus } from './interface.ts';

interface ResultRow {
  status: RunStatus;
  output: unknown;
  reply: Reply | null;
  error: Failure | null;
}

const LAST = /^execution_(completed|failed|cancelled)$/;
const POLL_MS = 1000;

export const isFinal = (status: RunStatus): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

/** A run's stored result so far; null when there is no such run. */
export async function readResult(pool: Pool, executionId: string): Promise<RunResult | null> {
  const { rows } = await pool.query<ResultRow>(
    'select status, output, reply, error from executions where id = $1',
    [executionId],
  );
  const [row] = rows;
  return row ? { executionId, ...row } : null;
}

interface Awaited {
  readonly pool: Pool;
  readonly events: EventHub;
  readonly executionId: string;
  readonly timeoutMs: number;
}

/**
 * The result of a run once it has ended, wherever it is driven; what there is of it when `timeoutMs` have passed.
 * @throws EngineError `unavailable` when there is no such run.
 */
export async function awaitEnd({ pool, events, executionId, timeoutMs }: Awaited): Promise<RunResult> {
  const until = Date.now() + timeoutMs;
  let wake = (): void => undefined;
  let hasEnded = false;
  const unsubscribe = events.subscribe((batch) => {
    if (batch.executionId !== executionId || !LAST.test(batch.events.at(-1)?.type ?? '')) return;
    hasEnded = true;
    wake();
  });
  try {
    for (;;) {
      const result = await readResult(pool, executionId);
      if (!result) throw new EngineError('unavailable', 'The run could not be stored. Try again.');
      const left = until - Date.now();
      if (isFinal(result.status) || left <= 0) return result;
      // The poll covers an announcement that got lost.
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, POLL_MS));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (hasEnded) wake();
      });
      hasEnded = false;
    }
  } finally {
    unsubscribe();
  }
}
