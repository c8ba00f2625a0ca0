import { EventEmitter } from 'node:events';
import { Logger, runTaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker';
import type { Pool } from 'pg';
import type { EngineLog } from './interface.ts';

export interface QueueOptions {
  readonly pool: Pool;
  readonly concurrency: number;
  /** Tells whoever is interested of a run that has ended; rejects to be called again later. */
  readonly afterRun: (executionId: string) => Promise<void>;
  /** Drives one run; resolves when its job is done with, whatever became of the run. */
  readonly drive: (executionId: string) => Promise<void>;
  /** Told of the names by which this queue's jobs are locked, whenever there is a new one. */
  readonly onIds: (ids: string[]) => void;
  readonly log: EngineLog;
}

const POLL_MS = 500;
const BATCH_DELAY_MS = 20;
/** Fetched jobs nobody here has had time for go back to the others after this time. */
const LOCAL_TTL_MS = 1000;

/** A job locked by us for so long that nobody here works on was handed out by a statement whose answer got lost. */
const FORGOTTEN_SECONDS = 10;

export interface Queue {
  /** Gives back jobs that are locked by us without our knowing. */
  unlockForgotten(): Promise<void>;
  /** Takes no new job and resolves when those at work are done. */
  stop(): Promise<void>;
}

/** The library gives its workers up when it cannot report the end of a job, because the database is away. */
const REPLACE_AFTER_MS = 500;
/** Workers that have fetched nothing by this many looks at a database that answers never will. */
const PROOF_LOOKS = 3;
const PROOF_LOOK_MS = 1000;

/** Starts fetching jobs, and goes on as often as the database comes back. */
export function startQueue(options: QueueOptions): Queue {
  const atWork = new Set<string>();
  const ids: string[] = [];
  let isStopping = false;
  let current: WorkerPool;
  const begin = (): void => {
    const events: WorkerEvents = new EventEmitter();
    let isOver = false;
    events.on('pool:gracefulShutdown', () => {
      if (isOver || isStopping) return;
      isOver = true;
      // Jobs at work go on in the old workers; new ones are taken by others.
      setTimeout(() => {
        if (!isStopping) begin();
      }, REPLACE_AFTER_MS);
    });
    const workers = startWorkers(options, events, atWork);
    // Why it ended has been logged.
    workers.promise.catch(() => undefined);
    replaceUnproven({ workers, events, pool: options.pool, isOver: () => isOver || isStopping });
    current = workers;
    ids.push(workers.id);
    options.onIds([...ids]);
  };
  begin();
  return {
    unlockForgotten: () => unlockForgotten(options.pool, ids, atWork),
    stop: async () => {
      isStopping = true;
      await current.gracefulShutdown('stopping');
    },
  };
}

interface Unproven {
  readonly workers: WorkerPool;
  readonly events: WorkerEvents;
  readonly pool: Pool;
  readonly isOver: () => boolean;
}

/**
 * Shuts workers down that cannot fetch although the database answers: the library looks its tasks' ids up once, with
 * the first fetch, and where that fails because the database is away it keeps the failure for good.
 */
function replaceUnproven({ workers, events, pool, isOver }: Unproven): void {
  let answers = 0;
  const stop = (): void => clearInterval(timer);
  const look = async (): Promise<void> => {
    if (isOver()) return stop();
    answers = await pool.query('select 1').then(
      () => answers + 1,
      () => 0,
    );
    if (answers < PROOF_LOOKS || isOver()) return;
    stop();
    await Promise.resolve(workers.gracefulShutdown('The first fetch failed')).catch(() => undefined);
  };
  const timer = setInterval(() => void look(), PROOF_LOOK_MS);
  timer.unref();
  events.once('localQueue:getJobs:complete', stop);
}

function startWorkers(
  options: QueueOptions,
  events: WorkerEvents,
  atWork: Set<string>,
): WorkerPool & { readonly id: string } {
  const { pool, concurrency, log } = options;
  const during = async (jobId: string, work: Promise<void>): Promise<void> => {
    atWork.add(jobId);
    try {
      await work;
    } finally {
      atWork.delete(jobId);
    }
  };
  return runTaskList(
    {
      events,
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
}

async function unlockForgotten(
  pool: Pool,
  lockers: readonly string[],
  atWork: ReadonlySet<string>,
): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from graphile_worker._private_jobs
     where locked_by = any($1::text[]) and locked_at < now() - make_interval(secs => $2)`,
    [lockers, FORGOTTEN_SECONDS],
  );
  const ids = rows.flatMap(({ id }) => (atWork.has(id) ? [] : id));
  if (ids.length === 0) return;
  // Those that were replaced while they were locked have nothing left to do.
  await pool.query(
    `with gone as (
       delete from graphile_worker._private_jobs where id = any($1::bigint[]) and locked_by = any($2::text[]) and key is null
     )
     update graphile_worker._private_jobs set locked_by = null, locked_at = null
     where id = any($1::bigint[]) and locked_by = any($2::text[]) and key is not null`,
    [ids, lockers],
  );
}

function idOf(payload: unknown): string {
  const id = (payload as { id?: unknown } | null)?.id;
  if (typeof id !== 'string') throw new Error('A job names no run.');
  return id;
}
