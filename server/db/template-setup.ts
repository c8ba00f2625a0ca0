import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { databaseUrl, inDatabase } from './database-url.ts';
import { isAlive } from './embedded/postmaster.ts';
import { type Embedded, startEmbedded } from './embedded/start.ts';
import { stopAbandoned } from './embedded/stop.ts';
import { migrateToLatest } from './migrate.ts';
import { templateName } from './template-database.ts';

const prefix = 'pipewright-test-';
const ownerFile = 'owner.pid';

/** Vitest's global set-up: one throw-away PostgreSQL with a migrated template database for the whole test run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepKilledRuns();
  const dataDir = await mkdtemp(join(tmpdir(), prefix));
  // As root, PostgreSQL runs under another account, which must be able to pass through.
  await chmod(dataDir, 0o711);
  await writeFile(join(dataDir, ownerFile), String(process.pid));
  // Test data may be lost with the machine, so the disk need not be waited for.
  const embedded = await startEmbedded({
    dataDir,
    log: () => undefined,
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '400' },
  });
  await buildTemplate(embedded);
  project.provide('databaseUrl', embedded.url);
  return async () => {
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

async function buildTemplate(embedded: Embedded): Promise<void> {
  await inDatabase(embedded.url, async (client) => {
    await client.query(`create database ${templateName}`);
  });
  await migrateToLatest(databaseUrl(embedded.url, templateName));
}

/** A test run that was killed leaves its PostgreSQL behind: the next run stops it and removes its files. */
async function sweepKilledRuns(): Promise<void> {
  const left = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  for (const name of left) {
    const dataDir = join(tmpdir(), name);
    const owner = Number(await readFile(join(dataDir, ownerFile), 'utf8').catch(() => '0'));
    if (owner === 0 || isAlive(owner)) continue;
    await stopAbandoned(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string;
  }
}
