import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { inDatabase } from '../database-url.ts';
import type { Home } from './home.ts';
import { findPostmaster, type Launched, launch } from './postmaster.ts';
import type { Settings } from './setting.ts';
import { stopPostmaster } from './stop.ts';

/** Every user of the server holds this advisory lock shared; whoever gets it exclusively is the last one. */
const usersLock = 7_301_804_126;

/** How long PostgreSQL may show no sign of life before we give up. */
const patience = 60_000;

export interface Cluster {
  home: Home;
  binaries: string;
  settings: Settings;
  log: (message: string) => void;
  /** Connection string of the `postgres` database, where the guard lives. */
  url: string;
}

/** One connection per process that counts it as a user and notices when the server dies. */
export interface Guard {
  release(): Promise<void>;
}

/** Joins the running server or starts one, and keeps doing so until released. */
export async function openGuard(cluster: Cluster): Promise<Guard> {
  let released = false;
  let client = await joinOrLaunch(cluster);
  let repair: Promise<void> | null = null;

  const watch = (): void => {
    client.once('end', () => {
      if (!released) repair = rejoin();
    });
  };
  const rejoin = async (): Promise<void> => {
    cluster.log('PostgreSQL went away; starting it again');
    while (!released) {
      try {
        client = await joinOrLaunch(cluster);
        watch();
        cluster.log('PostgreSQL is back');
        return;
      } catch (error) {
        cluster.log(`PostgreSQL could not be started: ${messageOf(error)}`);
        await delay(1_000);
      }
    }
  };
  watch();

  return {
    release: async () => {
      if (released) return;
      released = true;
      await repair;
      try {
        if (await isLastUser(client)) await stopPostmaster(cluster.home.data);
      } finally {
        await client.end().catch(() => undefined);
      }
    },
  };
}

/** Creates the database unless it exists, also when several processes try at once. */
export async function ensureDatabase(url: string, name: string): Promise<void> {
  await inDatabase(url, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount !== 0) return;
    try {
      await client.query(`create database ${name}`);
    } catch (error) {
      if (!['42P04', '23505'].includes(codeOf(error))) throw error;
    }
  });
}

async function joinOrLaunch(cluster: Cluster): Promise<pg.Client> {
  const deadline = Date.now() + patience;
  let launched: Launched | null = null;
  let lastError: unknown = null;
  while (Date.now() < deadline) {
    try {
      return await join(cluster.url);
    } catch (error) {
      if (!isPassing(error)) throw error;
      lastError = error;
    }
    const failure = launched?.failure() ?? null;
    if (failure !== null && !isPassingFailure(failure))
      throw new Error(`PostgreSQL did not start: ${failure}`);
    if (launched === null || failure !== null) {
      launched = await launchUnlessRunning(cluster, deadline, lastError);
    }
    await delay(launched === null ? 100 : 20);
  }
  const detail = launched?.failure() ?? messageOf(lastError);
  throw new Error(`PostgreSQL did not answer within ${patience / 1_000} s: ${detail}`);
}

/** Waits out a server that is starting or dying; stops one whose socket is gone, since nobody can reach it. */
async function launchUnlessRunning(
  cluster: Cluster,
  deadline: number,
  lastError: unknown,
): Promise<Launched | null> {
  const running = await findPostmaster(cluster.home.data);
  if (running === null) return launch(cluster.home, cluster.binaries, cluster.settings);
  const waited = patience - (deadline - Date.now());
  if (codeOf(lastError) === 'ENOENT' && waited > 5_000) {
    cluster.log('PostgreSQL runs but its socket file is gone; restarting it');
    await stopPostmaster(cluster.home.data);
  }
  return null;
}

async function join(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'pipewright guard' });
  // The lost connection is reported by `end` as well; without a listener the error would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select pg_advisory_lock_shared($1)', [usersLock]);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

async function isLastUser(client: pg.Client): Promise<boolean> {
  try {
    await client.query('select pg_advisory_unlock_shared($1)', [usersLock]);
    const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [
      usersLock,
    ]);
    return rows[0]?.last === true;
  } catch {
    // Not connected: somebody else is stopping it, or it is dead already.
    return false;
  }
}

/** Refusals that end by themselves: no socket yet, starting up, shutting down, cut off half-way. */
const passingCodes = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03'];

function isPassing(error: unknown): boolean {
  return passingCodes.includes(codeOf(error)) || /connection terminated/i.test(messageOf(error));
}

/** The previous server is still dying, or another process was quicker to start one. */
function isPassingFailure(text: string): boolean {
  return /lock file|shared memory block|another postmaster|another server/i.test(text);
}

function codeOf(error: unknown): string {
  return (error as { code?: string } | null)?.code ?? '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
