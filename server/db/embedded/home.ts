import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  link,
  mkdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Account, canReach, chooseAccount } from './account.ts';
import { systemDirectory } from './binary.ts';

/** Everything the embedded PostgreSQL keeps, in one directory that belongs to the account running it. */
export interface Home {
  account: Account;
  /** `<PIPEWRIGHT_DATA>/postgres`, links resolved. */
  directory: string;
  /** PGDATA. */
  data: string;
  /** Directory of the Unix socket. */
  socket: string;
  logFile: string;
  /** Password of the `pipewright` role. */
  password: string;
}

/** The kernel's limit for a socket path is 107 bytes (103 on macOS), and PostgreSQL adds `/.s.PGSQL.5432`. */
const longestSocketDirectory = 103 - Buffer.byteLength('/.s.PGSQL.5432.lock');

/** Creates (or finds) the home below `dataDir` and hands it to the account PostgreSQL runs under. */
export async function prepareHome(dataDir: string, log: (message: string) => void): Promise<Home> {
  const wanted = join(resolve(dataDir), 'postgres');
  await mkdir(resolve(dataDir), { recursive: true });
  const owner = await stat(wanted).then(
    (found) => found.uid,
    () => null,
  );
  const account = await chooseAccount(owner);
  refuseForeign(wanted, owner);
  const directory = await placeHome(wanted, account, log);
  const socket = socketDirectory(directory);
  await mkdirFor(account, socket);
  const password = await keepPassword(directory, account);
  return {
    account,
    directory,
    data: join(directory, 'data'),
    socket,
    logFile: join(directory, 'postgres.log'),
    password,
  };
}

/** Where the socket lies: inside the home, or in the temporary directory when that path would be too long. */
export function socketDirectory(home: string): string {
  const inside = join(home, 'run');
  if (Buffer.byteLength(inside) <= longestSocketDirectory) return inside;
  return join(tmpdir(), `pipewright-${shortHash(home)}`);
}

async function placeHome(wanted: string, account: Account, log: (message: string) => void): Promise<string> {
  await mkdirFor(account, wanted);
  const directory = await realpath(wanted);
  if (await canReach(account, directory)) return directory;
  if (await openDoor(dirname(wanted), directory, account)) return directory;
  // Root's private directories stay private: the database lives beside them, and a link says where.
  const away = join(systemDirectory, shortHash(directory));
  await mkdir(systemDirectory, { recursive: true, mode: 0o755 });
  await mkdirFor(account, away);
  if (!(await canReach(account, away))) {
    throw new Error(
      `PostgreSQL must run as "${account?.name ?? 'this account'}", which can enter neither ${directory} nor ${away}. ` +
        'Set PIPEWRIGHT_DATA to a directory it can enter, or DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  await rm(wanted, { recursive: true });
  await symlink(away, wanted);
  log(`the "${account?.name ?? 'current'}" account cannot enter ${directory}; the database lives in ${away}`);
  return away;
}

/**
 * Often only `dataDir` itself keeps the account out. Then it may pass through, which lets nobody list or read
 * anything: what lies inside is private by itself. False (and nothing changed) when that does not help.
 */
async function openDoor(dataDir: string, directory: string, account: Account): Promise<boolean> {
  const { mode } = await stat(dataDir);
  await chmod(dataDir, (mode & 0o7777) | 0o011);
  if (await canReach(account, directory)) return true;
  await chmod(dataDir, mode & 0o7777);
  return false;
}

function refuseForeign(wanted: string, owner: number | null): void {
  const self = process.getuid?.();
  if (owner === null || self === undefined || self === 0 || self === owner) return;
  throw new Error(
    `${wanted} belongs to user id ${owner}, not to this account (${self}). Start Pipewright as that user or as root, ` +
      'set PIPEWRIGHT_DATA to another directory, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

async function mkdirFor(account: Account, path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (account !== null) await chown(path, account.uid, account.gid);
}

/** The first caller's password wins; a link is atomic, so nobody ever reads a half-written file. */
async function keepPassword(directory: string, account: Account): Promise<string> {
  const path = join(directory, 'password');
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (account !== null) await chown(draft, account.uid, account.gid);
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(path, 'utf8');
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
