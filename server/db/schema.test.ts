import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { inDatabase } from './database-url.ts';
import { createTestDatabase } from './template-database.ts';

/** Table → its columns, sorted, as the interfaces of schema.ts and its parts name them. */
async function described(): Promise<Record<string, string[]>> {
  const files = [
    './account-table.ts',
    './api-call-table.ts',
    './schema.ts',
    './audit-table.ts',
    './credential-table.ts',
    './chat-table.ts',
    './memory-table.ts',
    './mcp-table.ts',
    './model-table.ts',
    './sandbox-table.ts',
    './inbound-table.ts',
    './epic-table.ts',
    './schedule-table.ts',
    './webhook-table.ts',
  ];
  const texts = files.map((file) => readFile(new URL(file, import.meta.url), 'utf8'));
  const source = (await Promise.all(texts)).join('\n');
  const tables: Record<string, string[]> = {};
  const listed = /export interface Database \{([^}]*)\}/.exec(source)?.[1] ?? '';
  for (const [, table = '', name] of listed.matchAll(/^\s*(\w+): (\w+);/gm)) {
    const body = new RegExp(`export interface ${name} \\{([^}]*)\\}`).exec(source)?.[1] ?? '';
    tables[table] = [...body.matchAll(/^\s*(\w+): /gm)].map(([, column = '']) => column).sort();
  }
  return tables;
}

it('describes exactly the tables and columns of the migrated database', async () => {
  const database = await createTestDatabase();
  try {
    const rows = await inDatabase(database.url, async (client) => {
      const found = await client.query<{ table_name: string; columns: string[] }>(
        `select table_name, array_agg(column_name::text) as columns from information_schema.columns
         where table_schema = 'public' and table_name not like 'kysely_%' group by table_name`,
      );
      return found.rows;
    });
    const migrated = Object.fromEntries(rows.map((row) => [row.table_name, row.columns.sort()]));
    expect(await described()).toEqual(migrated);
  } finally {
    await database.drop();
  }
});
