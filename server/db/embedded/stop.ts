import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findPostmaster, isAlive } from './postmaster.ts';

/** Fast shutdown first (sessions end, everything is written); harder signals only for a server that hangs. */
const escalation: [NodeJS.Signals, number][] = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

/** Stops the server that has `data` (a PGDATA) open and returns once its process is gone. */
export async function stopPostmaster(data: string): Promise<void> {
  const found = await findPostmaster(data);
  if (found === null) return;
  for (const [signal, patience] of escalation) {
    if (!isAlive(found.pid)) return;
    process.kill(found.pid, signal);
    const deadline = Date.now() + patience;
    while (isAlive(found.pid) && Date.now() < deadline) await delay(20);
  }
}

/** Stops whatever server still runs below `dataDir`, for a caller who knows that nobody uses it any more. */
export async function stopAbandoned(dataDir: string): Promise<void> {
  const home = await realpath(join(resolve(dataDir), 'postgres')).catch(() => null);
  if (home !== null) await stopPostmaster(join(home, 'data'));
}
