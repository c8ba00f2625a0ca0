import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '#server/config.ts';
import { type Connection, connect } from '#server/db/connection.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { until } from '#server/http/test-server.ts';
import { Sealer } from '#server/sealing/sealer.ts';
import { saveDatabaseUrl, savedDatabaseUrl } from './database-address.ts';
import { logFileIn, openSettings } from './live.ts';
import { writeSaved } from './store.ts';
import { redacted } from './value.ts';

let database: TestDatabase;
let connection: Connection;
let dataDir: string;
const sealer = new Sealer(['k'.repeat(40)]);
beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, 4);
  dataDir = await mkdtemp(join(tmpdir(), 'pipewright-live-'));
});
afterAll(async () => {
  await connection.close();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

const open = (level: string) => {
  const log = pino({ level }, { write: () => undefined });
  const config = loadConfig({ PIPEWRIGHT_DATA: dataDir, PIPEWRIGHT_CORS_ORIGINS: 'https://a.example' }, []);
  return openSettings(config, { db: connection.db, url: database.url, log }).then((live) => ({ live, log }));
};

it('follows a change of the log level in every process, and leaves a silent log silent', async () => {
  const [one, two, silent] = await Promise.all([open('info'), open('info'), open('silent')]);
  try {
    await writeSaved(connection.db, sealer, { log_level: 'ERROR' });
    await until(async () => one.log.level === 'error' && two.log.level === 'error');
    await writeSaved(connection.db, sealer, { log_level: null });
    await until(async () => one.log.level === 'info' && two.log.level === 'info');
    expect(silent.log.level).toBe('silent');
  } finally {
    await Promise.all([one, two, silent].map(({ live }) => live.close()));
  }
});

it('starts with what was saved', async () => {
  await writeSaved(connection.db, sealer, {
    log_level: 'DEBUG',
    platform_base_url: 'https://saved.example/',
    cors_allow_all_origins: true,
  });
  const { live, log } = await open('info');
  try {
    expect(live.config).toMatchObject({
      logLevel: 'debug',
      publicUrl: 'https://saved.example',
      corsOrigins: ['*'],
    });
    await until(async () => log.level === 'debug');
  } finally {
    await live.close();
  }
});

it('keeps the address of the database, and forgets it', async () => {
  expect(await savedDatabaseUrl(dataDir)).toBeNull();
  await saveDatabaseUrl(dataDir, 'postgresql://a@b/c');
  expect(await savedDatabaseUrl(dataDir)).toBe('postgresql://a@b/c');
  await saveDatabaseUrl(dataDir, null);
  expect(await savedDatabaseUrl(dataDir)).toBeNull();
});

it.each([
  ['postgresql://u:p@h/d', 'postgresql://u:***@h/d'],
  ['postgresql://u:p%40a@h:5/d?x=1', 'postgresql://u:***@h:5/d?x=1'],
  ['postgresql://u:a@b@h/d', 'postgresql://u:***@h/d'],
  ['redis://:p@h', 'redis://:***@h'],
  ['postgresql://u@h/d', 'postgresql://u@h/d'],
  ['postgresql://h:5432/d', 'postgresql://h:5432/d'],
  ['', ''],
])('hides the password in %s', (url, shown) => {
  expect(redacted(url)).toBe(shown);
  expect(redacted(shown)).toBe(shown);
});

it.each([
  ['server.log', true],
  ['logs/a.log', true],
  ['logs/../b.log', true],
  ['', false],
  ['.', false],
  ['../x', false],
  ['/etc/passwd', false],
])('finds a log file below the data directory only: %s', (path, isBelow) => {
  expect(logFileIn('/data', path) !== null).toBe(isBelow);
});
