// A program for start.test.ts: joins the embedded PostgreSQL of a data directory and writes rows until killed,
// printing each number once its commit has been acknowledged. SIGTERM ends it the way Pipewright ends.
import pg from 'pg';
import { inDatabase } from '../database-url.ts';
import { startEmbedded } from './start.ts';

const dataDir = process.argv[2] ?? '';
const embedded = await startEmbedded({ dataDir, log: (message) => process.stderr.write(`${message}\n`) });
process.stdout.write(`url ${embedded.url}\n`);

let ending = false;
process.once('SIGTERM', () => {
  ending = true;
});

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: embedded.url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function writeUntilEnd(): Promise<void> {
  let client: pg.Client | null = null;
  while (!ending) {
    try {
      client ??= await connected();
      const { rows } = await client.query<{ id: string }>(
        'insert into written (pid) values ($1) returning id',
        [process.pid],
      );
      process.stdout.write(`row ${rows[0]?.id}\n`);
    } catch {
      // The server was killed under us: what was not acknowledged is not counted.
      await client?.end().catch(() => undefined);
      client = null;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  await client?.end();
}

await inDatabase(embedded.url, async (client) => {
  // `if not exists` alone still fails when two writers create the table at the same moment.
  await client.query('select pg_advisory_lock(1)');
  await client.query('create table if not exists written (id bigint generated always as identity, pid int)');
});
await writeUntilEnd();
await embedded.stop();
