import type { Kysely } from 'kysely';
import { type Config, ConfigError } from './config.ts';
import type { Db } from './db/connection.ts';
import { hasSealed } from './sealing/rewrap.ts';
import { SealError, Sealer } from './sealing/sealer.ts';
import { createSecretKey, readSecretKeys, rereadKeyFile } from './secret-key.ts';

/** The installation's keys, checked against the database they were used for. */
export interface Keyring {
  /** The current text all other keys are derived from. */
  readonly secretKey: string;
  readonly sealer: Sealer;
}

type KeyConfig = Pick<Config, 'secretKey' | 'previousSecretKeys' | 'dataDir'>;

const CHECK_PLACE = { tenant: 'installation', row: '1', field: 'sealing_checks.sealed' };
const CHECK_TEXT = 'Pipewright';

const WAY_OUT =
  'Restore the file secret.key of the data directory from a backup, or set PIPEWRIGHT_SECRET_KEY to the key they ' +
  'were stored with (PIPEWRIGHT_SECRET_KEY_PREVIOUS, if it has been replaced since). Nothing was changed.';

/**
 * Reads the keys, and makes one where nothing has ever been sealed. The key file is looked at again whenever a value
 * turns up under a key that is not known yet, so keys can be rotated while processes run.
 * @throws ConfigError when credentials are stored and their key is missing or is another one
 */
export async function openKeyring(config: KeyConfig, db: Db): Promise<Keyring> {
  const stored = await db.selectFrom('sealing_checks').select('key_id').executeTakeFirst();
  let secrets = await readSecretKeys(config);
  if (secrets === null) {
    if (stored && (await isInUse(db)))
      throw new ConfigError(`Stored credentials need their key, and there is none. ${WAY_OUT}`);
    secrets = await createSecretKey(config.dataDir);
  }
  const sealer = new Sealer(secrets, config.secretKey === null ? () => rereadKeyFile(config.dataDir) : null);
  await checkKey(db, sealer);
  return { secretKey: secrets[0] ?? '', sealer };
}

const isInUse = (db: Db): Promise<boolean> => hasSealed(db as unknown as Kysely<never>);

async function checkKey(db: Db, sealer: Sealer): Promise<void> {
  const { sealed, keyId } = sealer.seal(CHECK_TEXT, CHECK_PLACE);
  await db
    .insertInto('sealing_checks')
    .values({ sealed, key_id: keyId })
    .onConflict((same) => same.doNothing())
    .execute();
  const row = await db.selectFrom('sealing_checks').selectAll().executeTakeFirstOrThrow();
  try {
    const text = sealer.open({ sealed: row.sealed, keyId: row.key_id }, CHECK_PLACE);
    if (text === CHECK_TEXT) return;
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
  }
  if (await isInUse(db))
    throw new ConfigError(`The key is not the one credentials were stored with. ${WAY_OUT}`);
  await db.updateTable('sealing_checks').set({ sealed, key_id: keyId }).execute();
}

/** Puts the check under the current key; the last thing of a rotation. */
export async function renewCheck(db: Db, sealer: Sealer): Promise<void> {
  const { sealed, keyId } = sealer.seal(CHECK_TEXT, CHECK_PLACE);
  await db.updateTable('sealing_checks').set({ sealed, key_id: keyId }).execute();
}
