import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import { migrations } from '#migrations/index.ts';
import type { Db } from './connection.ts';
import type { Database } from './schema.ts';

/**
 * A PostgreSQL that has pgvector, which the embedded one has not, within this process: for tests of what is asked of
 * the extension. It has one session, so that whoever is connected keeps the others waiting.
 */
export async function openPglite(): Promise<{ db: Db; close(): Promise<void> }> {
  const server = await PGlite.create({ extensions: { vector } });
  let free = Promise.resolve();
  const connect = async () => {
    const before = free;
    let release = (): void => undefined;
    free = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return { query: (text: string, values: readonly unknown[]) => query(server, text, values), release };
  };
  const pool = { connect, end: () => Promise.resolve() };
  // Without cursors, which nothing here asks for.
  const dialect = new PostgresDialect({ pool: pool as unknown as PostgresPool });
  const db = new Kysely<Database>({ dialect });
  for (const { up } of Object.values(migrations)) await up(db);
  return {
    db,
    close: async () => {
      await db.destroy();
      await server.close();
    },
  };
}

/** Several statements in one text are taken without values only. */
async function query(server: PGlite, text: string, values: readonly unknown[] = []) {
  if (values.length === 0) {
    const results = await server.exec(text);
    const last = results.at(-1);
    return { command: last?.command ?? '', rowCount: last?.affectedRows ?? 0, rows: last?.rows ?? [] };
  }
  const { command = '', affectedRows = 0, rows } = await server.query(text, [...values]);
  return { command, rowCount: affectedRows, rows };
}
