import { parseArgs } from 'node:util';
import { type Config, ConfigError, loadConfig } from '../config.ts';
import { connect, type Db } from '../db/connection.ts';
import { startEmbedded } from '../db/embedded/start.ts';
import { migrateToLatest } from '../db/migrate.ts';
import { rewrap, rotate, status } from '../key-rotation.ts';

// npm run keys -- rotate | rewrap | status: gives the installation a new key, while Pipewright runs or not.
const HELP = `npm run keys -- rotate   a new key in the key file; everything stored is put under it
npm run keys -- rewrap   everything stored is put under PIPEWRIGHT_SECRET_KEY
npm run keys -- status   how much is stored under which key`;

const say = (message: string): void => {
  process.stdout.write(`[pipewright] ${message}\n`);
};

try {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [command = ''] = positionals;
  const work = { rotate, rewrap, status }[command];
  if (work) {
    const config = loadConfig(undefined, []);
    await withDatabase(config, (db) => work({ config, db, say }));
  } else {
    process.stdout.write(`${HELP}\n`);
    process.exitCode = 2;
  }
} catch (error) {
  const text =
    error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

async function withDatabase(config: Config, work: (db: Db) => Promise<void>): Promise<void> {
  const embedded =
    config.databaseUrl === null ? await startEmbedded({ dataDir: config.dataDir, log: say }) : null;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  await migrateToLatest(url);
  const { db, close } = connect(url, 2);
  try {
    await work(db);
  } finally {
    await close();
    await embedded?.stop();
  }
}
