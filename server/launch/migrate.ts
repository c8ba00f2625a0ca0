import { loadConfig } from '../config.ts';
import { startEmbedded } from '../db/embedded/start.ts';
import { migrateToLatest } from '../db/migrate.ts';

// npm run migrate: brings the database to this program's schema without starting Pipewright.
const config = loadConfig();
const log = (message: string): void => {
  process.stdout.write(`[pipewright] ${message}\n`);
};

if (config.databaseUrl !== null) {
  await migrateToLatest(config.databaseUrl);
} else {
  const embedded = await startEmbedded({ dataDir: config.dataDir, log });
  try {
    await migrateToLatest(embedded.url);
  } finally {
    await embedded.stop();
  }
}
log('the database is up to date');
