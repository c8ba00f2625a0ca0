import { sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import type { EngineLog } from '#server/engine/engine.ts';
import { CLAIM_BATCH, claimDue } from './claim.ts';
import { forgetOldFires, reviveIdle } from './revive.ts';
import type { FireRow } from './row.ts';
import { settleLeftBehind } from './settle.ts';
import { type FireOptions, startFire } from './start-fire.ts';
import { takeOverStarting, takeQueued } from './take-up.ts';

export interface ScheduleRunner {
  /** Takes nothing new; resolves when what was taken has been started, or after two seconds. */
  stop(): Promise<void>;
}

export interface RunnerOptions extends FireOptions {
  readonly log: EngineLog;
}

/** Edits, pauses and fires whose turn has come take effect within this. */
const LONGEST_SLEEP_MS = 1000;
const SHORTEST_SLEEP_MS = 10;
/** A database that does not answer must not hold up the end of the process. */
const LONGEST_STOP_MS = 2000;
/** What nobody reported is looked for this often. */
const TIDY_MS = 15_000;

/**
 * Makes the fires that are due, in as many processes as run at once. Only the database's clock is asked, so a process
 * whose clock is wrong fires at the right time all the same.
 */
export function startScheduleRunner(options: RunnerOptions): ScheduleRunner {
  let isStopping = false;
  let wake = (): void => undefined;
  let tidiedAt = Number.NEGATIVE_INFINITY;
  let isFailing = false;

  const turn = async (): Promise<number> => {
    await fireAll(options, () => isStopping);
    if (!isStopping && performance.now() - tidiedAt > TIDY_MS) {
      await tidy(options.db);
      tidiedAt = performance.now();
    }
    return sleepMs(options.db);
  };
  const work = async (): Promise<void> => {
    while (!isStopping) {
      let ms = LONGEST_SLEEP_MS;
      try {
        ms = await turn();
        isFailing = false;
      } catch (error) {
        // Said once: a database that is away stays away for many turns.
        if (!isFailing) options.log('warn', 'Schedules could not be looked after.', { error: String(error) });
        isFailing = true;
      }
      if (isStopping) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const working = work();
  return {
    stop: () => {
      isStopping = true;
      wake();
      return Promise.race([working, pause(LONGEST_STOP_MS)]);
    },
  };
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/** Makes whatever is due now. Exported for tests of single turns. */
export async function fireAll(options: RunnerOptions, isStopping = (): boolean => false): Promise<void> {
  for (;;) {
    const claimed = await claimDue(options.db);
    await startAll(options, claimed.toStart);
    if (isStopping() || claimed.schedules < CLAIM_BATCH) break;
  }
  if (isStopping()) return;
  await startAll(options, await takeOverStarting(options.db));
  await startAll(options, await takeQueued(options.db));
}

async function startAll(options: RunnerOptions, fires: readonly FireRow[]): Promise<void> {
  await Promise.all(
    fires.map(async (fire) => {
      try {
        await startFire(options, fire);
      } catch (error) {
        // It stays on record as starting, and is taken up again in a few seconds.
        const detail = { schedule: fire.schedule_id, error: String(error) };
        options.log('warn', 'A scheduled run could not be started yet.', detail);
      }
    }),
  );
}

async function tidy(db: Db): Promise<void> {
  await settleLeftBehind(db);
  await reviveIdle(db);
  await forgetOldFires(db);
}

/** Until the next fire, as the database sees it. */
async function sleepMs(db: Db): Promise<number> {
  const { rows } = await sql<{ ms: number | null }>`
    select (extract(epoch from min(next_run_at) - clock_timestamp()) * 1000)::float8 as ms
    from schedules where status = 'active' and next_run_at is not null
  `.execute(db);
  const ms = rows[0]?.ms ?? LONGEST_SLEEP_MS;
  return Math.min(LONGEST_SLEEP_MS, Math.max(SHORTEST_SLEEP_MS, Math.ceil(ms)));
}
