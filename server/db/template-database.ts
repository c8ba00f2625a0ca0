import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { databaseUrl, inDatabase } from './database-url.ts';

/** The migrated, empty database every test database is copied from; built once per test run. */
export const templateName = 'pipewright_template';

export interface TestDatabase {
  /** Connection string of a migrated, empty PostgreSQL database that belongs to the caller alone. */
  url: string;
  /** Closes whatever is still connected and removes the database. */
  drop(): Promise<void>;
}

/** Copies the migrated template (tens of milliseconds). Call once per test file, `drop` in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('databaseUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await inDatabase(server, async (client) => {
    await client.query(`create database ${name} template ${templateName}`);
  });
  return {
    url: databaseUrl(server, name),
    drop: () =>
      inDatabase(server, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
      }),
  };
}
