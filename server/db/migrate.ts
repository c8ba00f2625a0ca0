import { runMigrations } from 'graphile-worker';
import { Migrator } from 'kysely';
import { migrations } from '#migrations/index.ts';
import { connect } from './connection.ts';

/**
 * Brings the database to this program's schema: ours, then graphile-worker's own. Safe when many processes start
 * at once (the migrator takes a lock).
 * @throws when the database is newer than this program, or a migration fails; nothing is half-applied then.
 */
export async function migrateToLatest(url: string): Promise<void> {
  const connection = connect(url, 2);
  try {
    const migrator = new Migrator({
      db: connection.db,
      provider: { getMigrations: () => Promise.resolve(migrations) },
    });
    const { error } = await migrator.migrateToLatest();
    if (error) throw error instanceof Error ? error : new Error(String(error));
    await runMigrations({ pgPool: connection.pool });
  } finally {
    await connection.close();
  }
}
