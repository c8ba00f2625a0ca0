import { Logger, runTaskList, type WorkerPool } from 'graphile-worker';
import type { Pool } from 'pg';
import type { EngineLog } from './interface.ts';

export interface QueueOptions {
  readonly pool: Pool;
  readonly concurrency: number;
  /** Tells whoever is interested of a run that has ended; rejects to be called again later. */
  readonly afterRun: (executionId: string) => Promise<void>;
  /** Drives one run; resolves when its job is done with, whatever became of the run. */
  readonly drive: (executionId: string) => Promise<void>;
  readonly log: EngineLog;
}

const POLL_MS = 500;
const BATCH_DELAY_MS = 20;
/** Fetched jobs nobody here has had time for go back to the others after this time. */
const LOCAL_TTL_MS = 1000;

/** Starts fetching jobs. The returned pool's `id` is what its jobs are locked by. */
export function startQueue(options: QueueOptions): WorkerPool {
  const { pool, concurrency, log } = options;
  return runTaskList(
    {
      pgPool: pool,
      concurrency,
      noHandleSignals: true,
      pollInterval: POLL_MS,
      logger: new Logger(() => (level, message) => {
        if (level === 'error') log('warn', `Queue: ${message}`);
      }),
      preset: {
        worker: {
          localQueue: { size: Math.max(1, Math.ceil(concurrency / 2)), ttl: LOCAL_TTL_MS },
          completeJobBatchDelay: BATCH_DELAY_MS,
          failJobBatchDelay: BATCH_DELAY_MS,
        },
      },
    },
    {
      drive: (payload: unknown) => options.drive(idOf(payload)),
      after_run: (payload: unknown) => options.afterRun(idOf(payload)),
    },
    pool,
  );
}

function idOf(payload: unknown): string {
  const id = (payload as { id?: unknown } | null)?.id;
  if (typeof id !== 'string') throw new Error('A job names no run.');
  return id;
}
