import { afterAll, expect, test } from 'vitest';
import { databaseUrl, inDatabase } from './database-url.ts';
import { createTestDatabase } from './template-database.ts';

const first = await createTestDatabase();
const second = await createTestDatabase();

afterAll(async () => {
  await first.drop();
  await second.drop();
});

async function tablesOf(url: string): Promise<string[]> {
  return inDatabase(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public'",
    );
    return rows.map((row) => row.name);
  });
}

test('a test database is migrated', async () => {
  expect(await tablesOf(first.url)).toContain('workflows');
});

test('two test databases do not see each other', async () => {
  await inDatabase(first.url, (client) => client.query('create table mark (id int)'));
  expect(await tablesOf(first.url)).toContain('mark');
  expect(await tablesOf(second.url)).not.toContain('mark');
});

test('dropping ends open connections and removes the database', async () => {
  const third = await createTestDatabase();
  await inDatabase(third.url, async (client) => {
    client.on('error', () => undefined);
    await third.drop();
  }).catch(() => undefined);
  await expect(tablesOf(third.url)).rejects.toMatchObject({ code: '3D000' });
});

test('databaseUrl replaces the database and keeps account and options', () => {
  expect(databaseUrl('postgresql://u:p@/old?host=%2Frun&port=5432', 'new')).toBe(
    'postgresql://u:p@/new?host=%2Frun&port=5432',
  );
  expect(databaseUrl('postgres://u@db.example:5433', 'x')).toBe('postgres://u@db.example:5433/x');
});
