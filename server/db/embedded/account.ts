import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** The account PostgreSQL runs under; `null` means: the account of this process. */
export type Account = { name: string; uid: number; gid: number } | null;

const preferred = ['postgres', '_postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root, so root hands it to another account: the one that already owns the
 * files (`ownerUid`), else the first of `postgres` and `nobody` this machine has.
 */
export async function chooseAccount(ownerUid: number | null): Promise<Account> {
  if (process.getuid?.() !== 0) return null;
  const known = await knownAccounts();
  if (ownerUid !== null && ownerUid !== 0) {
    const owner = known.find((account) => account.uid === ownerUid);
    if (owner !== undefined) return owner;
    throw new Error(
      `The embedded PostgreSQL's files belong to user id ${ownerUid}, which has no name on this machine. ` +
        'Give them to a named account (chown -R), or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  for (const name of preferred) {
    const account = known.find((candidate) => candidate.name === name);
    if (account !== undefined) return account;
  }
  throw new Error(
    'PostgreSQL cannot run as root and this machine has neither a "postgres" nor a "nobody" account. ' +
      'Start Pipewright as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

const environment: NodeJS.ProcessEnv = {
  NODE_ENV: 'production',
  PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** Spawn options that make a child run as `account`, without secrets of ours in its environment. */
export function spawnAs(account: Account) {
  return {
    // The account may be unable to enter our own working directory.
    cwd: '/',
    env: environment,
    ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
  };
}

/** Asks the kernel, by trying: may `account` enter the directory (or run the file) at `path`? */
export function canReach(account: Account, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', 'test -r "$1" && test -x "$1"', 'sh', path], spawnAs(account), (error) =>
      resolve(error === null),
    );
  });
}

async function knownAccounts(): Promise<NonNullable<Account>[]> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    if (name === undefined || uid === undefined || gid === undefined) return [];
    // macOS writes nobody's id as -2; the system calls want it unsigned.
    return [{ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }];
  });
}
