import type { Pool } from 'pg';
import { isFinal } from './await-end.ts';
import type { Driver } from './driver.ts';
import type { RunStatus } from './interface.ts';

interface CancelOptions {
  readonly pool: Pool;
  readonly driver: Driver;
  readonly processId: () => string;
}

interface Row {
  status: RunStatus;
  owner: string | null;
}

const POLL_MS = 100;
const GIVE_UP_MS = 10_000;

/**
 * Stops a run and resolves once that is recorded (or after ten seconds, when its owner has died and nobody has
 * taken the run over yet: whoever does will stop it). Runs that have ended stay as they are.
 */
export async function cancelRun(
  { pool, driver, processId }: CancelOptions,
  executionId: string,
): Promise<void> {
  const until = Date.now() + GIVE_UP_MS;
  const asked = await pool.query<Row>(
    `update executions set cancel_requested_at = coalesce(cancel_requested_at, now())
     where id = $1 and status in ('queued', 'running', 'waiting') returning status, owner`,
    [executionId],
  );
  let row = asked.rows[0];
  if (row?.owner && row.owner !== processId())
    await pool.query("select pg_notify('pipewright_cancel', $1)", [executionId]);
  while (row && !isFinal(row.status) && Date.now() < until) {
    const drive = driver.get(executionId);
    if (drive) {
      drive.cancel();
      await drive.done;
    } else if (row.owner === null) await driver.claimAndDrive(executionId);
    else await pause(POLL_MS);
    const now = await pool.query<Row>('select status, owner from executions where id = $1', [executionId]);
    row = now.rows[0];
  }
  // A run that was parked leaves its alarm behind.
  await pool.query("select graphile_worker.remove_job('run:' || $1::text)", [executionId]);
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
