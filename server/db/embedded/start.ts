import { findBinaries } from './binary.ts';
import { ensureDatabase, openGuard } from './guard.ts';
import { type Home, prepareHome } from './home.ts';
import { database, initialise, role } from './initialise.ts';
import type { Settings } from './setting.ts';

export interface EmbeddedOptions {
  /** Directory of Pipewright's own (PIPEWRIGHT_DATA); PostgreSQL gets `postgres/` below it. */
  dataDir: string;
  log: (message: string) => void;
  /** PostgreSQL settings that differ from ours. */
  settings?: Settings;
}

export interface Embedded {
  /** Connection string for `pg` (a Unix socket); stays valid across restarts of PostgreSQL. */
  url: string;
  /**
   * Gives the server up. The last process that uses it stops it, and then returns once everything is on
   * disk. Close your own connections first. Installs no signal handlers: call it from yours.
   */
  stop(): Promise<void>;
}

/**
 * Brings up a real PostgreSQL below `dataDir`, or joins the one another process of ours runs there, or
 * adopts the one a killed process left behind. If it dies while we run, it is started again.
 * Throws with what to do when this machine or account cannot run it.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { dataDir, log, settings = {} } = options;
  const home = await prepareHome(dataDir, log);
  const binaries = await findBinaries({ account: home.account, scratchDir: home.directory, log });
  await initialise(home, binaries);
  const guard = await openGuard({ home, binaries, settings, log, url: urlOf(home, 'postgres') });
  await ensureDatabase(urlOf(home, 'postgres'), database);
  return { url: urlOf(home, database), stop: guard.release };
}

function urlOf(home: Home, name: string): string {
  // The port is spelled out because `pg` would otherwise take it from PGPORT.
  const where = `host=${encodeURIComponent(home.socket)}&port=5432`;
  return `postgresql://${role}:${encodeURIComponent(home.password)}@/${name}?${where}`;
}
