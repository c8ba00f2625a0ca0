import { execFile } from 'node:child_process';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spawnAs } from './account.ts';
import type { Home } from './home.ts';
import { isAlive } from './postmaster.ts';

/** The major version of the bundled programs; PGDATA of another major cannot be opened by them. */
const major = '18';

/** The one role and the one database Pipewright uses. */
export const role = 'pipewright';
export const database = 'pipewright';

/**
 * Runs initdb once. It works in a directory of its own that is renamed when complete, so neither a crash
 * half-way nor two processes at once can leave a PGDATA that is not whole.
 */
export async function initialise(home: Home, binaries: string): Promise<void> {
  const version = await readFile(join(home.data, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version !== null) return refuseOtherMajor(home, version.trim());
  await removeLeftovers(home.directory);
  const draft = join(home.directory, `data.new-${process.pid}`);
  await runInitdb(home, binaries, draft);
  try {
    await rename(draft, home.data);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

async function runInitdb(home: Home, binaries: string, draft: string): Promise<void> {
  const args = [
    `--pgdata=${draft}`,
    `--username=${role}`,
    `--pwfile=${join(home.directory, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ];
  try {
    await promisify(execFile)(join(binaries, 'bin', 'initdb'), args, spawnAs(home.account));
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const { stderr, message } = error as Error & { stderr?: string };
    const detail = (stderr === undefined || stderr === '' ? message : stderr).trim();
    throw new Error(
      `The embedded PostgreSQL could not be set up in ${home.directory}: ${detail}${hint(detail)}`,
    );
  }
}

function hint(detail: string): string {
  if (!detail.includes('could not look up effective user ID')) return '';
  return (
    '\nThe current user id has no name on this machine (no line in /etc/passwd). Start Pipewright as a named user ' +
    'or as root, or set DATABASE_URL to a PostgreSQL of your own.'
  );
}

function refuseOtherMajor(home: Home, found: string): void {
  if (found === major) return;
  throw new Error(
    `${home.data} was written by PostgreSQL ${found}, but this Pipewright brings PostgreSQL ${major}. ` +
      'Start the Pipewright version that wrote it, or move that directory away.',
  );
}

/** Directories of initdb runs whose process is gone. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = /^data\.new-(\d+)$/.exec(name)?.[1];
    if (pid === undefined || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue;
    await rm(join(directory, name), { recursive: true, force: true });
  }
}
