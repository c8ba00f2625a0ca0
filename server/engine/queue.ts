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

/** A job locked by us for so long that nobody here works on was handed out by a statement whose answer got lost. */
const FORGOTTEN_SECONDS = 10;

export interface Queue {
  /** What its jobs are locked by. */
  readonly id: string;
  /** Gives back jobs that are locked by us without our knowing. */
  unlockForgotten(): Promise<void>;
  /** Takes no new job and resolves when those at work are done. */
  stop(): Promise<void>;
}

/** Starts fetching jobs. */
export function startQueue(options: QueueOptions): Queue {
  const { pool, concurrency, log } = options;
  const atWork = new Set<string>();
  const during = async (jobId: string, work: Promise<void>): Promise<void> => {
    atWork.add(jobId);
    try {
      await work;
    } finally {
      atWork.delete(jobId);
    }
  };
  const workers = runTaskList(
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
      drive: (payload, { job }) => during(job.id, options.drive(idOf(payload))),
      after_run: (payload, { job }) => during(job.id, options.afterRun(idOf(payload))),
    },
    pool,
  ) as WorkerPool & { readonly id: string };
  return {
    id: workers.id,
    unlockForgotten: () => unlockForgotten(pool, workers.id, atWork),
    stop: async () => {
      await workers.gracefulShutdown('stopping');
    },
  };
}

async function unlockForgotten(pool: Pool, locker: string, atWork: ReadonlySet<string>): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from graphile_worker._private_jobs
     where locked_by = $1 and locked_at < now() - make_interval(secs => $2)`,
    [locker, FORGOTTEN_SECONDS],
  );
  const ids = rows.flatMap(({ id }) => (atWork.has(id) ? [] : id));
  if (ids.length === 0) return;
  // Those that were replaced while they were locked have nothing left to do.
  await pool.query(
    `with gone as (
       delete from graphile_worker._private_jobs where id = any($1::bigint[]) and locked_by = $2 and key is null
     )
     update graphile_worker._private_jobs set locked_by = null, locked_at = null
     where id = any($1::bigint[]) and locked_by = $2 and key is not null`,
    [ids, locker],
  );
}

function idOf(payload: unknown): string {
  const id = (payload as { id?: unknown } | null)?.id;
  if (typeof id !== 'string') throw new Error('A job names no run.');
  return id;
}
