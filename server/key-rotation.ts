import { setTimeout as delay } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { type Config, ConfigError } from './config.ts';
import type { Db } from './db/connection.ts';
import { audit } from './features/audit-log.ts';
import { openKeyring, renewCheck } from './keyring.ts';
import { countOld, type Rewrapped, rewrapAll } from './sealing/rewrap.ts';
import { SEALED_COLUMNS } from './sealing/sealed-column.ts';
import type { Sealer } from './sealing/sealer.ts';
import { newSecretKey, readSecretKeys, writeSecretKeys } from './secret-key.ts';

export interface Rotation {
  readonly config: Pick<Config, 'secretKey' | 'previousSecretKeys' | 'dataDir'>;
  readonly db: Db;
  readonly say: (message: string) => void;
  /** Milliseconds that what was sealed just before the new key may take to be stored; ten seconds unless told. */
  readonly settleMs?: number;
}

/** Longer than anybody waits for a connection to the database, which is what storing waits for at most. */
const SETTLE_MS = 10_000;

/**
 * Gives the key file a new first line, puts everything stored under it and takes the old lines out. Processes that
 * run see the new key when they next seal something or meet a value under it. Interrupted, the next call goes on.
 * @throws ConfigError when the key is not in the file, or something stored cannot be opened; then nothing is lost
 */
export async function rotate({ config, db, say, settleMs = SETTLE_MS }: Rotation): Promise<void> {
  if (config.secretKey !== null) {
    throw new ConfigError(
      'The key is in PIPEWRIGHT_SECRET_KEY. Set that to a new one and PIPEWRIGHT_SECRET_KEY_PREVIOUS to this one, ' +
        'start everything anew, then run: npm run keys -- rewrap',
    );
  }
  await openKeyring(config, db);
  const keys = (await readSecretKeys({ ...config, previousSecretKeys: [] })) ?? [];
  const isUnfinished = keys.length > 1;
  say(isUnfinished ? 'an earlier rotation was not finished; it goes on' : 'a new key is in the key file');
  const [current = ''] = isUnfinished ? keys : [newSecretKey()];
  if (!isUnfinished) await writeSecretKeys(config.dataDir, [current, ...keys]);
  const { sealer } = await openKeyring(config, db);
  await rewrapped(db, sealer, say);
  // Sealed before the new key was there and on its way still: the lock alone would only make it come afterwards.
  await delay(settleMs);
  await withoutWriters(db, async (trx) => {
    // What has come since under the old key.
    await rewrapped(trx, sealer, say);
    await renewCheck(trx, sealer);
  });
  // Only once that is committed; whatever was stored since is under the new key, the file's first line.
  await writeSecretKeys(config.dataDir, [current]);
  say('the old key is gone from the key file');
}

/** Puts everything stored under the current key; the earlier ones are not needed any more after that. */
export async function rewrap({ config, db, say }: Rotation): Promise<void> {
  const { sealer } = await openKeyring(config, db);
  await rewrapped(db, sealer, say);
  await renewCheck(db, sealer);
  if (config.previousSecretKeys.length > 0) {
    say(
      'PIPEWRIGHT_SECRET_KEY_PREVIOUS can be taken out once every process has been started with the new key',
    );
  }
}

/** Says how much is stored, and how much of it not yet under the current key. */
export async function status({ config, db, say }: Rotation): Promise<void> {
  const { sealer } = await openKeyring(config, db);
  const left = await countOld(untyped(db), sealer);
  say(`the current key is ${sealer.currentKeyId}; ${left} stored values are under an older one`);
}

async function rewrapped(db: Db, sealer: Sealer, say: Rotation['say']): Promise<void> {
  const result: Rewrapped = await rewrapAll(untyped(db), sealer);
  if (result.shut.length > 0) {
    throw new ConfigError(
      `${result.shut.length} stored values cannot be opened with the keys that are here: ` +
        `${result.shut.slice(0, 10).join(', ')}. Nothing was lost; the old keys stay until that is settled.`,
    );
  }
  if (result.done === 0) return;
  say(`${result.done} stored values were put under the new key`);
  const entry = {
    action: 'keys_rotated',
    actorId: null,
    address: '',
    detail: { values: result.done },
  } as const;
  await audit(db, entry);
}

/** While `work` runs nobody stores anything sealed; readers go on. */
async function withoutWriters(db: Db, work: (trx: Db) => Promise<void>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const { table } of SEALED_COLUMNS) {
      await sql`lock table ${sql.table(table)} in share row exclusive mode`.execute(trx);
    }
    await work(trx);
  });
}

const untyped = (db: Db): Kysely<never> => db as unknown as Kysely<never>;
