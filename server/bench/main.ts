import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '#server/db/embedded/start.ts';
import { chatFigures, threadFigures } from './chat-measure.ts';
import { flatCost, longLoop, startLatency, waitingRuns } from './engine-measure.ts';
import { listFigures, signInFigures } from './guard-measure.ts';
import { residentMb, signUp, startBaseline, startInstance } from './instance.ts';
import { asynchronousRuns, bigGraphs, listPages, type Row, type Stage, webhookEcho } from './measure.ts';

/**
 * `npm run bench`: the product's figures on this machine, everything persisted, on a fresh embedded database.
 * Machines differ, so the ratios (against a bare server doing one group-committed INSERT a request on the same
 * database, in the same run) are what to compare. `--quick` measures briefly, `--guards` only lists and sign-ins, `--chat` only chats,
 * `--threads` only pages of conversations.
 */
const quick = process.argv.includes('--quick');
const seconds = quick ? 1 : 5;
/** `--guards`: only the lists over many runs and the sign-ins. */
const guardsOnly = process.argv.includes('--guards');
/** `--chat`: only chats with a local provider of models. */
const chatOnly = process.argv.includes('--chat');
/** `--threads`: only what a page of a short and of a long conversation costs. */
const threadsOnly = process.argv.includes('--threads');

function print(rows: readonly Row[]): void {
  for (const row of rows) {
    const ratio = row.ratio === undefined ? '' : `   ratio ${row.ratio.toFixed(2)}`;
    process.stdout.write(`${row.what.padEnd(46)} ${row.value}${ratio}\n`);
  }
}

const dataDir = await mkdtemp(join(tmpdir(), 'pipewright-bench-'));

async function measureAll(stage: Stage, databaseUrl: string, idle: number): Promise<void> {
  const { instance } = stage;
  const baseline = await startBaseline(databaseUrl);
  print(await webhookEcho(stage, baseline.base, seconds));
  await baseline.stop();
  print(await startLatency(stage, databaseUrl, quick ? 30 : 150));
  print(await asynchronousRuns(stage, quick ? 500 : 3000));
  print(await bigGraphs(stage));
  print(await longLoop(stage));
  print(await listPages(stage, quick ? 2000 : 10_000, seconds));
  print(await signInFigures(stage, 200));
  print(await listFigures(stage, databaseUrl, quick ? 10_000 : 100_000));
  print([{ what: 'resident memory after', value: `${Math.round(await residentMb(instance.pid))} MiB` }]);
  print(await flatCost(stage, databaseUrl, quick ? 10_000 : 1_000_000, quick ? 300 : 3000));
  print(await waitingRuns(stage, databaseUrl, quick ? 1000 : 10_000));
  await instance.stop();
  // What waits costs what a fresh process has more than at first; the rest was garbage of starting them.
  const again = await startInstance(dataDir);
  const more = Math.round((await residentMb(again.pid)) - idle);
  print([{ what: 'the same after a restart', value: `${more} MiB more than idle` }]);
  await again.stop();
}

/** On a database of their own: it is theirs to restart. */
async function measureChats(): Promise<void> {
  const ownDir = await mkdtemp(join(tmpdir(), 'pipewright-bench-chat-'));
  try {
    const database = await startEmbedded({ dataDir: ownDir, log: () => undefined });
    try {
      const { url } = database;
      print(await (threadsOnly ? threadFigures(ownDir, url) : chatFigures(ownDir, url, seconds)));
    } finally {
      await database.stop();
    }
  } finally {
    await rm(ownDir, { recursive: true, force: true });
  }
}

async function measureRuns(): Promise<void> {
  const first = await startInstance(dataDir);
  print([{ what: 'cold start, new database', value: `${Math.round(first.readyMs)} ms` }]);
  await first.stop();
  const instance = await startInstance(dataDir);
  print([{ what: 'cold start, existing database', value: `${Math.round(instance.readyMs)} ms` }]);
  const idle = await residentMb(instance.pid);
  print([{ what: 'resident memory idle (server process)', value: `${Math.round(idle)} MiB` }]);
  const stage = { instance, client: await signUp(instance) };
  const database = await startEmbedded({ dataDir, log: () => undefined });
  if (guardsOnly) {
    print(await signInFigures(stage, 200));
    print(await listFigures(stage, database.url, 100_000));
    await instance.stop();
  } else await measureAll(stage, database.url, idle);
  await database.stop();
}

try {
  if (!chatOnly && !threadsOnly) await measureRuns();
  if (!guardsOnly) await measureChats();
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
