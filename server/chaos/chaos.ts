import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbedded } from '#server/db/embedded/start.ts';
import { CountingServer } from '#server/engine/test-process.ts';
import { Client, pause } from './client.ts';
import { Fleet } from './fleet.ts';
import { callsFlow, waitFlow } from './flow.ts';
import { hurtUntil, type Injury } from './injury.ts';
import { brokenInvariants } from './invariant.ts';
import { StartLoad } from './load.ts';
import { type ChaosResult, outcome } from './outcome.ts';
import { countFires, pauseSchedules, startSchedules } from './schedule.ts';
import { TakeoverWatch } from './takeover.ts';

export interface ChaosOptions {
  /** How long processes are hurt while load comes in. */
  readonly seconds: number;
  readonly servers: number;
  readonly workers: number;
  /** Milliseconds from one injury to the next. */
  readonly everyMs: number;
  /** How long a frozen process stands still. */
  readonly freezeMs: number;
  /** Starts a second. */
  readonly rate: number;
  /** What may befall the processes; the share of each in all injuries is its share in the list. */
  readonly injuries: readonly Injury[];
  /** What the processes write to standard error. */
  readonly logLevel: string;
  readonly say: (line: string) => void;
}

const QUIET_MS = 120_000;
/** Long enough for a kill to hit many effects in flight. */
const SINK_MS = 200;

/**
 * Two servers and two workers (or as many as asked for) on a fresh database under load, while they are killed, frozen
 * and stopped; then everything comes to rest, and what became of every acknowledged run is counted.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { say } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'pipewright-chaos-'));
  const database = await startEmbedded({ dataDir, log: () => undefined });
  const sink = await CountingServer.start(SINK_MS);
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on('error', () => undefined);
  const fleet = await Fleet.start({
    ...options,
    environment: {
      DATABASE_URL: database.url,
      PIPEWRIGHT_SECRET_KEY: 'chaos'.repeat(8),
      PIPEWRIGHT_LOG_LEVEL: options.logLevel,
      PIPEWRIGHT_RATE_LIMIT: '0',
      PIPEWRIGHT_RATE_LIMIT_STRANGERS: '0',
      PIPEWRIGHT_EGRESS_ALLOW: new URL(sink.url).host,
    },
  });
  const client = new Client(() => fleet.bases());
  const takeover = new TakeoverWatch(pool);
  try {
    await client.setUp();
    const slugs: string[] = [];
    for (const document of [callsFlow(sink.url), waitFlow(sink.url)]) {
      slugs.push((await client.insist<{ slug: string }>('POST', '/workflows/import/', { document })).slug);
    }
    const schedules = await startSchedules(client, sink.url);
    say(`${options.servers} servers and ${options.workers} workers are up; ${options.rate} starts a second.`);
    const until = Date.now() + options.seconds * 1000;
    const load = new StartLoad({ client, slugs, rate: options.rate, until });
    const [hurt] = await Promise.all([hurtUntil({ ...options, fleet, takeover, dataDir, until }), load.done]);
    await fleet.complete();
    await pauseSchedules(client, schedules);
    say(`${load.acknowledged.size} runs acknowledged; waiting until everything has come to rest.`);
    const quietMs = await untilQuiet(pool);
    return {
      ...(await outcome({ pool, sink, acknowledged: load.acknowledged, frozen: hurt.frozen })),
      refused: load.gaveUp,
      schedules: await countFires(pool),
      hurt,
      takeovers: takeover.times,
      quietMs,
      broken: await brokenInvariants(pool),
    };
  } finally {
    await takeover.close();
    client.close();
    await fleet.close();
    await sink.close();
    await pool.end();
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Waits until no run is open. @returns how long that took; runs that are stuck are reported by what follows. */
async function untilQuiet(pool: pg.Pool): Promise<number> {
  const began = Date.now();
  while (Date.now() - began < QUIET_MS) {
    const { rows } = await pool.query<{ open: boolean }>(
      "select exists (select from executions where status in ('queued', 'running', 'waiting')) as open",
    );
    if (!rows[0]?.open) break;
    await pause(100);
  }
  return Date.now() - began;
}
