import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, Client, pause } from './chaos/client.ts';
import { Fleet } from './chaos/fleet.ts';
import { callsFlow } from './chaos/flow.ts';
import { brokenInvariants } from './chaos/invariant.ts';
import { StartLoad } from './chaos/load.ts';
import { outcome } from './chaos/outcome.ts';
import { type Embedded, startEmbedded } from './db/embedded/start.ts';
import { until } from './engine/test-engine.ts';
import { CountingServer } from './engine/test-process.ts';

/** A minute in the field; here long enough for every connection, retry and timer to notice. */
const OUTAGE_MS = 6000;

let dataDir: string;
let database: Embedded;
let pool: pg.Pool;
let sink: CountingServer;
let fleet: Fleet;
let client: Client;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pipewright-outage-'));
  database = await startEmbedded({ dataDir, log: () => undefined });
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  sink = await CountingServer.start(30);
  fleet = await Fleet.start({
    servers: 1,
    workers: 1,
    environment: {
      DATABASE_URL: database.url,
      PIPEWRIGHT_SECRET_KEY: 'outage'.repeat(6),
      PIPEWRIGHT_EGRESS_ALLOW: new URL(sink.url).host,
    },
  });
  client = new Client(() => fleet.bases());
  await client.setUp();
}, 60_000);
afterAll(async () => {
  client.close();
  await fleet.close();
  await sink.close();
  await pool.end();
  await database.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** The server and everything it has forked. */
async function databaseProcesses(): Promise<number[]> {
  const file = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8');
  const postmaster = Number(file.split('\n')[0]);
  const children = execFileSync('pgrep', ['-P', String(postmaster)], { encoding: 'utf8' });
  return [postmaster, ...children.trim().split(/\s+/).map(Number)];
}

interface Probe extends Answer {
  readonly ms: number;
}

async function probe(): Promise<Probe> {
  const began = Date.now();
  const answer = await client.once('GET', '/workflows/').catch((error: unknown) => ({
    status: 0,
    body: String(error),
    retryAfter: null,
  }));
  return { ...answer, ms: Date.now() - began };
}

it('answers 503 while the database is away, and loses and repeats nothing', {
  timeout: 120_000,
}, async () => {
  const { slug } = await client.insist<{ slug: string }>('POST', '/workflows/import/', {
    document: callsFlow(sink.url),
  });
  const load = new StartLoad({ client, slugs: [slug], rate: 20, until: Date.now() + OUTAGE_MS + 4000 });
  await until(10_000, async () => load.acknowledged.size > 20);
  await database.stop();
  const probes: Probe[] = [];
  for (const end = Date.now() + OUTAGE_MS; Date.now() < end; await pause(100)) probes.push(await probe());
  const acknowledgedBefore = load.acknowledged.size;
  database = await startEmbedded({ dataDir, log: () => undefined });
  const back = Date.now();
  await until(10_000, async () => (await probe()).status === 200);
  await until(10_000, async () => load.acknowledged.size > acknowledgedBefore);
  expect(Date.now() - back).toBeLessThan(10_000);

  expect(probes.length).toBeGreaterThan(10);
  expect(probes.filter((one) => one.status !== 503 || one.retryAfter === null)).toEqual([]);
  expect(Math.max(...probes.map((one) => one.ms))).toBeLessThan(5000);
  for (const { installation } of fleet.members) expect(installation?.child.exitCode).toBe(null);

  await load.done;
  await until(30_000, async () => {
    const { rows } = await pool.query<{ n: number }>(
      "select count(*)::int as n from executions where status in ('queued', 'running', 'waiting')",
    );
    return rows[0]?.n === 0;
  });
  const result = await outcome({ pool, sink, acknowledged: load.acknowledged });
  expect(load.gaveUp).toBe(0);
  expect(load.acknowledged.size).toBeGreaterThan(100);
  expect({ lost: result.lost, repeated: result.repeated, duplicated: result.duplicated }).toEqual({
    lost: [],
    repeated: [],
    duplicated: 0,
  });
  expect(await brokenInvariants(pool)).toEqual([]);
});

it('answers 503 while the database hangs, too, and then goes on', { timeout: 60_000 }, async () => {
  await until(10_000, async () => (await probe()).status === 200);
  const stopped = await databaseProcesses();
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  let probes: Probe[];
  try {
    const asked: Promise<Probe>[] = [];
    for (let n = 0; n < 10; n += 1) {
      asked.push(probe());
      await pause(200);
    }
    probes = await Promise.all(asked);
  } finally {
    for (const pid of stopped) process.kill(pid, 'SIGCONT');
  }
  expect(probes.filter((one) => one.status !== 503 || one.retryAfter === null)).toEqual([]);
  expect(Math.max(...probes.map((one) => one.ms))).toBeLessThan(5000);
  await until(10_000, async () => (await probe()).status === 200);
});
