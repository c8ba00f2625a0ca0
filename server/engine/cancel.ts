import type { Pool } from 'pg';
import { isFinal } from './await-end.ts';
import type { Clock } from './clock.ts';
import type { Driver } from './driver.ts';
import type { RunStatus } from './interface.ts';

interface CancelOptions {
  readonly store: CancelStore;
  readonly driver: Driver;
  readonly clock: Clock;
  readonly processId: () => string;
}

interface Row {
  readonly status: RunStatus;
  readonly owner: string | null;
}

/** Where it is written down that a run is to be stopped. */
export interface CancelStore {
  /** @returns the run, if it has not ended. */
  request(executionId: string): Promise<Row | undefined>;
  /** Announces the request to the process that drives the run. */
  tellOwner(executionId: string): Promise<void>;
  look(executionId: string): Promise<Row | undefined>;
  removeJob(executionId: string): Promise<void>;
  /** Lets somebody drive the run, who will find the request. */
  addJob(executionId: string): Promise<void>;
}

const POLL_MS = 100;
const GIVE_UP_MS = 10_000;

/**
 * Stops a run and resolves once that is recorded (or after ten seconds, when its owner has died and nobody has
 * taken the run over yet: whoever does will stop it). Runs that have ended stay as they are.
 */
export async function cancelRun(options: CancelOptions, executionId: string): Promise<void> {
  const { store, driver, clock, processId } = options;
  const until = clock.now() + GIVE_UP_MS;
  let row: Row | undefined = await store.request(executionId);
  if (!row) return;
  if (row.owner && row.owner !== processId()) await store.tellOwner(executionId);
  while (row && !isFinal(row.status) && clock.now() < until) {
    const drive = driver.get(executionId);
    if (drive) {
      drive.cancel();
      await drive.done;
    } else if (row.owner === null) await driver.claimAndDrive(executionId);
    else await pause(clock);
    row = await store.look(executionId);
  }
  // A run that was parked leaves its alarm behind. One that was being parked all the while has heard of nothing.
  if (!row || isFinal(row.status)) await store.removeJob(executionId);
  else await store.addJob(executionId);
}

const pause = (clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.after(POLL_MS, resolve);
  });

export class DatabaseCancelStore implements CancelStore {
  private readonly pool: Pool;

  constructor(pool: Pool) {
    this.pool = pool;
  }

  async request(executionId: string): Promise<Row | undefined> {
    const { rows } = await this.pool.query<Row>(
      `update executions set cancel_requested_at = coalesce(cancel_requested_at, now())
       where id = $1 and status in ('queued', 'running', 'waiting') returning status, owner`,
      [executionId],
    );
    return rows[0];
  }

  async tellOwner(executionId: string): Promise<void> {
    await this.pool.query("select pg_notify('pipewright_cancel', $1)", [executionId]);
  }

  async look(executionId: string): Promise<Row | undefined> {
    const { rows } = await this.pool.query<Row>('select status, owner from executions where id = $1', [
      executionId,
    ]);
    return rows[0];
  }

  async removeJob(executionId: string): Promise<void> {
    await this.pool.query("select graphile_worker.remove_job('run:' || $1::text)", [executionId]);
  }
  async addJob(executionId: string): Promise<void> {
    await this.pool.query(
      "select graphile_worker.add_job('drive', json_build_object('id', $1::text), job_key => 'run:' || $1::text)",
      [executionId],
    );
  }
}
