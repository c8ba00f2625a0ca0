import pg from 'pg';
import { AppError } from '#domain/problem.ts';

/** Lets callers wait for work only as long as the database gives a sign of life. */
export interface Patience {
  /**
   * What `work` gives.
   * @throws AppError `unavailable` when it takes long and the database does not answer; `work` goes on unheard.
   */
  wait<T>(work: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Waiting {
  readonly since: number;
  readonly giveUp: (reason: AppError) => void;
}

const LOOK_EVERY_MS = 250;
/** Nearly every answer is there by then; later ones make us ask whether the database is. */
const LONG_MS = 1500;
const ANSWER_MS = 1500;
/** Between two of our own looks this much too late: it was us who did not get to hear the answer. */
const STALLED_MS = 500;
/** So often in a row a look that we were too busy for does not count. */
const MOST_STALLS = 3;

/**
 * A database that is gone says so at once. One that hangs, or a network that swallows everything, says nothing: a
 * query just waits, and with it the caller. So whenever somebody has waited for long, a connection of its own asks.
 */
export function createPatience(url: string): Patience {
  const waiting = new Set<Waiting>();
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
    // Connecting takes a busy machine long; the next look is to find the connection there.
    idleTimeoutMillis: 600_000,
    application_name: 'pipewright pulse',
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  let isAsking = false;
  let tick = performance.now();
  let isStalled = false;
  let stalls = 0;
  const look = async (): Promise<void> => {
    // By the clock of each look: whoever has come to wait for long during the question need not wait for the next.
    const isLong = (one: Waiting): boolean => one.since < performance.now() - LONG_MS;
    if (isAsking || ![...waiting].some(isLong)) return;
    isAsking = true;
    isStalled = false;
    const answers = await pool.query('select 1').then(
      () => true,
      () => false,
    );
    isAsking = false;
    stalls = !answers && isStalled ? stalls + 1 : 0;
    if (answers || (isStalled && stalls <= MOST_STALLS)) return;
    for (const one of [...waiting].filter(isLong)) {
      one.giveUp(
        new AppError('unavailable', 'The database does not answer. Try again in a moment.', {
          retryAfterSeconds: 1,
        }),
      );
    }
  };
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - tick > LOOK_EVERY_MS + STALLED_MS) isStalled = true;
    tick = now;
    void look();
  }, LOOK_EVERY_MS);
  return {
    wait: (work) =>
      new Promise((resolve, reject) => {
        const one = { since: performance.now(), giveUp: reject };
        waiting.add(one);
        work.then(resolve, reject).finally(() => waiting.delete(one));
      }),
    close: async () => {
      clearInterval(timer);
      await pool.end();
    },
  };
}
