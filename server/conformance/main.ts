import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { loadConfig } from '../config.ts';
import { connect } from '../db/connection.ts';
import { startEmbedded } from '../db/embedded/start.ts';
import { startPipewright } from '../start.ts';
import { createClient } from './client.ts';
import { fuzz } from './fuzz.ts';

/**
 * `npm run fuzz`: 20,000 random requests made after the server's own OpenAPI document, against a server on a fresh
 * embedded database. `--requests=20000`, `--seed=1` sends the same requests again.
 */
const { values } = parseArgs({
  options: { requests: { type: 'string', default: '20000' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const dataDir = await mkdtemp(join(tmpdir(), 'pipewright-fuzz-'));
// As root, PostgreSQL runs under another account, which must be able to pass through.
await chmod(dataDir, 0o711);
const embedded = await startEmbedded({ dataDir, log: () => undefined, settings: { fsync: 'off' } });
const config = loadConfig(
  {
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: embedded.url,
    PIPEWRIGHT_DATA: dataDir,
    PIPEWRIGHT_SECRET_KEY: 'x'.repeat(40),
    // Nobody listens there: what needs the gateway answers that it cannot be reached.
    PIPEWRIGHT_GATEWAY_URL: 'http://127.0.0.1:9',
    PIPEWRIGHT_GATEWAY_ADMIN_TOKEN: 'gateway-admin-of-the-fuzz',
    PIPEWRIGHT_GATEWAY_TOKEN: 'gateway-token-of-the-fuzz',
  },
  [],
);
const running = await startPipewright({ config, log: pino({ level: 'silent' }), screens: false });
const connection = connect(embedded.url, 3);
const client = createClient(`http://127.0.0.1:${running.port}`);
say(`seed ${seed}: --seed=${seed} sends the same requests again`);
const result = await fuzz({ client, connection, requests: Number(values.requests), seed, say });
const health = await client.send({ method: 'GET', path: '/health' });
say(`${result.sent} requests, by status ${JSON.stringify(result.byStatus)}`);
say(`${result.faults.length} kinds of faults; afterwards the server says ${health.text}`);

client.close();
await connection.close();
await running.stop({ graceMs: 500 });
await embedded.stop();
await rm(dataDir, { recursive: true, force: true });
process.exit(result.faults.length === 0 && health.status === 200 ? 0 : 1);
