import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inDatabase } from '../database-url.ts';
import { chooseAccount } from './account.ts';
import { socketDirectory } from './home.ts';
import { findPostmaster, isAlive } from './postmaster.ts';
import { startEmbedded } from './start.ts';
import { stopAbandoned } from './stop.ts';

const fixture = fileURLToPath(new URL('./writer-fixture.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;

let dataDir = '';
let writers: Writer[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'embedded-'));
  await chmod(dataDir, 0o711);
  writers = [];
});

afterEach(async () => {
  for (const writer of writers) writer.process.kill('SIGKILL');
  await stopAbandoned(dataDir);
  const home = await realpath(join(dataDir, 'postgres')).catch(() => dataDir);
  await rm(home, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
});

interface Writer {
  process: ChildProcess;
  acknowledged: number[];
  log(): string;
}

function startWriter(identity: { uid?: number; gid?: number } = {}): Writer {
  const child = spawn(process.execPath, [fixture, dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...identity,
  });
  const acknowledged: number[] = [];
  let partial = '';
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (partial + chunk).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('row ')) acknowledged.push(Number(line.slice(4)));
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk;
  });
  const writer = { process: child, acknowledged, log: () => log };
  writers.push(writer);
  return writer;
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`not within 20 s: ${what}\n${writers.map((writer) => writer.log()).join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const wrote = (writer: Writer, count: number) =>
  until(`${count} rows`, () => writer.acknowledged.length >= count);

async function endWith(signal: NodeJS.Signals, writer: Writer): Promise<void> {
  const gone = once(writer.process, 'exit');
  writer.process.kill(signal);
  await gone;
}

async function postmasterPid(): Promise<number | null> {
  const home = await realpath(join(dataDir, 'postgres'));
  return (await findPostmaster(join(home, 'data')))?.pid ?? null;
}

/** Opens the data directory the way a new Pipewright would and reads which rows are there. */
async function storedRows(): Promise<Set<number>> {
  const embedded = await startEmbedded({ dataDir, log: () => undefined });
  const rows = await inDatabase(embedded.url, async (client) => {
    return (await client.query<{ id: string }>('select id from written')).rows;
  });
  await embedded.stop();
  return new Set(rows.map((row) => Number(row.id)));
}

function missing(acknowledged: number[], stored: Set<number>): number[] {
  return acknowledged.filter((id) => !stored.has(id));
}

test('a fresh directory gets a UTF-8 PostgreSQL 18 that is reachable by its socket only and stops cleanly', async () => {
  const embedded = await startEmbedded({ dataDir, log: () => undefined });
  const facts = await inDatabase(embedded.url, async (client) => {
    const { rows } = await client.query<Record<string, string>>(`
      select current_setting('server_version_num')::int / 10000 as major, current_setting('listen_addresses') as tcp,
        current_setting('fsync') as fsync, current_setting('synchronous_commit') as durable, current_user as role,
        (select datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()) as locale,
        lower('ÄÖ') as lowered`);
    return rows[0];
  });
  expect(facts).toEqual({
    major: 18,
    tcp: '',
    fsync: 'on',
    durable: 'on',
    role: 'pipewright',
    locale: 'b C.UTF-8',
    lowered: 'äö',
  });
  const pid = await postmasterPid();
  expect(pid).not.toBeNull();
  await embedded.stop();
  expect(isAlive(pid ?? 0)).toBe(false);
  const home = await realpath(join(dataDir, 'postgres'));
  expect(await readdir(join(home, 'data'))).not.toContain('postmaster.pid');
});

test('a PostgreSQL that outlived a killed process is adopted, with every acknowledged row', async () => {
  const writer = startWriter();
  await wrote(writer, 50);
  const before = await postmasterPid();
  await endWith('SIGKILL', writer);
  const heir = startWriter();
  await wrote(heir, 10);
  expect(await postmasterPid()).toBe(before);
  await endWith('SIGTERM', heir);
  expect(heir.process.exitCode).toBe(0);
  expect(isAlive(before ?? 0)).toBe(false);
  expect(missing([...writer.acknowledged, ...heir.acknowledged], await storedRows())).toEqual([]);
});

test('process and PostgreSQL killed together, again and again: nothing acknowledged is lost', async () => {
  const acknowledged: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const writer = startWriter();
    await wrote(writer, 30);
    const pid = await postmasterPid();
    writer.process.kill('SIGKILL');
    process.kill(pid ?? 0, 'SIGKILL');
    acknowledged.push(...writer.acknowledged);
  }
  expect(missing(acknowledged, await storedRows())).toEqual([]);
});

test('a PostgreSQL killed under a living process is started again on the same address', async () => {
  const writer = startWriter();
  await wrote(writer, 20);
  process.kill((await postmasterPid()) ?? 0, 'SIGKILL');
  await wrote(writer, writer.acknowledged.length + 20);
  await until('the log says so', () => writer.log().includes('PostgreSQL is back'));
  await endWith('SIGTERM', writer);
  expect(missing(writer.acknowledged, await storedRows())).toEqual([]);
});

test('two processes that start at once share one PostgreSQL, and only the last one stops it', async () => {
  const one = startWriter();
  const other = startWriter();
  await wrote(one, 5);
  await wrote(other, 5);
  const pid = (await postmasterPid()) ?? 0;
  await endWith('SIGTERM', one);
  expect(one.process.exitCode).toBe(0);
  await wrote(other, other.acknowledged.length + 5);
  expect(isAlive(pid)).toBe(true);
  await endWith('SIGTERM', other);
  expect(isAlive(pid)).toBe(false);
  expect(missing([...one.acknowledged, ...other.acknowledged], await storedRows())).toEqual([]);
});

test('a pid file whose number now belongs to another program does not prevent the start', async () => {
  const first = await startEmbedded({ dataDir, log: () => undefined });
  await first.stop();
  const home = await realpath(join(dataDir, 'postgres'));
  const stale = join(home, 'data', 'postmaster.pid');
  await writeFile(stale, `${process.pid}\n${join(home, 'data')}\n0\n5432\n${join(home, 'run')}\n\n\n`);
  const second = await startEmbedded({ dataDir, log: () => undefined });
  expect(await postmasterPid()).not.toBe(process.pid);
  await second.stop();
});

test('a directory of another major version is refused with what to do', async () => {
  const embedded = await startEmbedded({ dataDir, log: () => undefined });
  await embedded.stop();
  const home = await realpath(join(dataDir, 'postgres'));
  await writeFile(join(home, 'data', 'PG_VERSION'), '17\n');
  await expect(startEmbedded({ dataDir, log: () => undefined })).rejects.toThrow(
    /PostgreSQL 17.*brings PostgreSQL 18/,
  );
});

test('a socket path longer than the kernel allows moves to the temporary directory', () => {
  expect(socketDirectory('/srv/pipewright/postgres')).toBe('/srv/pipewright/postgres/run');
  const long = `/srv/${'x'.repeat(90)}/postgres`;
  expect(socketDirectory(long)).toMatch(new RegExp(`^${tmpdir()}/pipewright-[0-9a-f]{16}$`));
});

describe.runIf(isRoot)('as root', () => {
  test('PostgreSQL runs under another account', async () => {
    const embedded = await startEmbedded({ dataDir, log: () => undefined });
    const status = await readFile(`/proc/${await postmasterPid()}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t[1-9]/m);
    await embedded.stop();
  });

  test('a private data directory lets the account pass through, and nobody look inside', async () => {
    await chmod(dataDir, 0o700);
    const embedded = await startEmbedded({ dataDir, log: () => undefined });
    expect((await lstat(join(dataDir, 'postgres'))).isDirectory()).toBe(true);
    expect((await lstat(dataDir)).mode & 0o777).toBe(0o711);
    await embedded.stop();
  });

  test('below a directory the account cannot enter, the database moves and a link says where', async () => {
    await chmod(dataDir, 0o700);
    const below = join(dataDir, 'data');
    await mkdir(below, { mode: 0o700 });
    const told: string[] = [];
    const embedded = await startEmbedded({ dataDir: below, log: (message) => told.push(message) });
    const home = await realpath(join(below, 'postgres'));
    expect((await lstat(join(below, 'postgres'))).isSymbolicLink()).toBe(true);
    expect((await lstat(dataDir)).mode & 0o777).toBe(0o700);
    expect((await lstat(below)).mode & 0o777).toBe(0o700);
    expect(told.join('\n')).toContain(`the database lives in ${home}`);
    await embedded.stop();
    await rm(home, { recursive: true });
  });

  test('an ordinary user needs no other account, and root later leaves the files in that hand', async () => {
    const user = await chooseAccount(null);
    const identity = { uid: user?.uid ?? 0, gid: user?.gid ?? 0 };
    await chown(dataDir, identity.uid, identity.gid);
    const writer = startWriter(identity);
    await wrote(writer, 5);
    await endWith('SIGTERM', writer);
    expect(writer.process.exitCode).toBe(0);
    expect(missing(writer.acknowledged, await storedRows())).toEqual([]);
    const again = startWriter(identity);
    await wrote(again, 5);
    await endWith('SIGTERM', again);
    expect(again.process.exitCode).toBe(0);
  });
});
