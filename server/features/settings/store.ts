import { sql, type Transaction } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import { SealError, type Sealer } from '#server/sealing/sealer.ts';
import { savedDatabaseUrl } from './database-address.ts';
import type { Saved, SettingName } from './value.ts';

type Store = Db | Transaction<Database>;

/** Sent to every process when settings have changed. */
export const SETTINGS_CHANGED = 'pipewright_settings';

const place = (name: string) => ({ tenant: 'installation', row: name, field: 'settings.value' });

/** What has been saved. An address that cannot be opened any more, or has no sealer to, counts as not saved. */
export async function readSaved(db: Store, sealer: Sealer | null, dataDir: string): Promise<Saved> {
  const rows = await db.selectFrom('settings').select(['name', 'value', 'sealed', 'key_id']).execute();
  const entries = rows.flatMap(({ name, value, sealed, key_id: keyId }) => {
    if (!sealed || keyId === null) return [[name, value] as const];
    const opened = sealer && open(sealer, name, { sealed, keyId });
    return opened === null ? [] : [[name, opened] as const];
  });
  const address = await savedDatabaseUrl(dataDir);
  return {
    ...(Object.fromEntries(entries) as Saved),
    ...(address !== null && { database_url: address }),
  };
}

function open(sealer: Sealer, name: string, sealed: { sealed: Buffer; keyId: string }): string | null {
  try {
    return sealer.open(sealed, place(name));
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

/** What may hold a password. */
const SEALED: ReadonlySet<SettingName> = new Set(['redis_url']);

/** Saves settings; null forgets one. The address of the database is kept elsewhere. */
export async function writeSaved(
  db: Store,
  sealer: Sealer,
  changes: Readonly<Partial<Record<SettingName, unknown>>>,
): Promise<void> {
  for (const [name, value] of Object.entries(changes) as [SettingName, unknown][]) {
    if (name === 'database_url') continue;
    if (value === null) {
      await db.deleteFrom('settings').where('name', '=', name).execute();
      continue;
    }
    const sealed = SEALED.has(name) ? sealer.seal(String(value), place(name)) : null;
    const row = {
      value: sealed ? null : JSON.stringify(value),
      sealed: sealed?.sealed ?? null,
      key_id: sealed?.keyId ?? null,
      updated_at: sql<Date>`now()`,
    };
    await db
      .insertInto('settings')
      .values({ name, ...row })
      .onConflict((on) => on.column('name').doUpdateSet(row))
      .execute();
  }
  await sql`select pg_notify(${SETTINGS_CHANGED}, '')`.execute(db);
}
