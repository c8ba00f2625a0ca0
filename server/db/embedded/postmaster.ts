import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chown, open, readFile, readlink, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnAs } from './account.ts';
import type { Home } from './home.ts';
import { postgresArguments, type Settings } from './setting.ts';

/** What `postmaster.pid` says about the server that wrote it. */
export interface Postmaster {
  pid: number;
  socket: string;
}

/** A server this process launched. `failure` is null while it runs, else what it wrote before it exited. */
export interface Launched {
  failure(): string | null;
}

/**
 * The server that has `home` open, also when a killed process of ours left it behind; null when there is
 * none. A stale pid file (its pid now belongs to some other program) is removed, because PostgreSQL would
 * refuse to start over it.
 */
export async function findPostmaster(data: string): Promise<Postmaster | null> {
  const path = join(data, 'postmaster.pid');
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (await isServerOf(pid, data)) return { pid, socket: lines[4] ?? '' };
  if (isAlive(pid)) await rm(path, { force: true });
  return null;
}

/** True while the process exists at all. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Starts PostgreSQL in a process group of its own, so that Ctrl-C reaches us first and we can drain. */
export async function launch(home: Home, binaries: string, settings: Settings): Promise<Launched> {
  await rotateLog(home);
  const log = await open(home.logFile, 'a', 0o600);
  if (home.account !== null) await chown(home.logFile, home.account.uid, home.account.gid);
  const before = (await log.stat()).size;
  let failure: string | null = null;
  try {
    const child = spawn(join(binaries, 'bin', 'postgres'), postgresArguments(home, settings), {
      ...spawnAs(home.account),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.once('error', (error) => {
      failure = error.message;
    });
    child.once('exit', (code, signal) => {
      failure = `${readWritten(home.logFile, before)} (exit ${code ?? signal})`;
    });
    child.unref();
  } finally {
    await log.close();
  }
  return { failure: () => failure };
}

/** A postmaster works in its PGDATA, which tells it from any other program that got the same pid. */
async function isServerOf(pid: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') {
    const directory = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    return directory === data;
  }
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'command=', '-p', String(pid)], (error, stdout) => {
      resolve(error === null && stdout.includes('postgres'));
    });
  });
}

/** What the log got since it was `from` bytes long. */
function readWritten(logFile: string, from: number): string {
  try {
    return readFileSync(logFile).subarray(from).toString('utf8').trim();
  } catch {
    return `no log at ${logFile}`;
  }
}

const largestLog = 10 * 1024 * 1024;

async function rotateLog(home: Home): Promise<void> {
  const size = await stat(home.logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > largestLog) await rename(home.logFile, `${home.logFile}.1`);
}
