import { sql } from 'kysely';
import type { Contract } from '#contract/contract.ts';
import { HOT_SETTINGS } from '#contract/settings.ts';
import type { Config } from '#server/config.ts';
import type { Db } from '#server/db/connection.ts';
import type { Sealer } from '#server/sealing/sealer.ts';
import { audit } from '../audit-log.ts';
import { type HandlersOf, signedIn } from '../handler.ts';
import { changesOf } from './change.ts';
import { saveDatabaseUrl } from './database-address.ts';
import { createEnvironmentProbe } from './environment.ts';
import type { LiveSettings } from './live.ts';
import { readSaved, writeSaved } from './store.ts';
import { configOutOf, EMBEDDED, type Saved, type SettingName, valuesOf } from './value.ts';

export interface SettingsOptions {
  readonly db: Db;
  readonly sealer: Sealer;
  /** As the environment says, before anything saved. */
  readonly config: Config;
  readonly live: LiveSettings;
}

const isHot = (name: string): boolean => (HOT_SETTINGS as readonly string[]).includes(name);

export function settingsHandlers(options: SettingsOptions): HandlersOf<Contract['settings']> {
  const { db, sealer, config, live } = options;
  const probe = createEnvironmentProbe({
    egressAllow: config.egressAllow,
    sandboxMode: valuesOf(config, live.atStart).sandbox_mode,
  });
  return {
    get: async () => {
      const [saved, environment] = await Promise.all([readSaved(db, sealer, config.dataDir), probe.report()]);
      return {
        config: configOutOf(config, saved),
        environment,
        pending_restart: pending(config, live.atStart, saved),
        fixed_by_environment: config.databaseUrl === null ? [] : ['database_url'],
      };
    },
    update: async (context, input) => {
      const viewer = signedIn(context);
      const changed = await db.transaction().execute(async (trx) => {
        // One change after the other: the second compares with what the first has saved.
        await sql`lock table settings in share row exclusive mode`.execute(trx);
        const saved = await readSaved(trx, sealer, config.dataDir);
        const changes = changesOf(input, {
          current: valuesOf(config, saved),
          unsaved: valuesOf(config, {}),
          dataDir: config.dataDir,
        });
        const names = Object.keys(changes) as SettingName[];
        if (names.length === 0) return names;
        await writeSaved(trx, sealer, changes);
        await audit(trx, {
          action: 'settings_changed',
          actorId: viewer.userId,
          environmentId: viewer.environmentId,
          address: context.address,
          target: names.join(', '),
        });
        const address = changes.database_url;
        if (typeof address === 'string') await keepAddress(config.dataDir, address);
        return names;
      });
      await live.reload();
      return {
        config: configOutOf(config, await readSaved(db, sealer, config.dataDir)),
        hot_reloaded: changed.filter(isHot),
        restart_required: changed.filter((name) => !isHot(name)),
      };
    },
    recheckEnvironment: async () => ({ environment: await probe.recheck() }),
  };
}

const keepAddress = (dataDir: string, address: string): Promise<void> =>
  saveDatabaseUrl(dataDir, address === EMBEDDED ? null : address);

/** What was saved since this process started and does not count yet. */
function pending(config: Config, atStart: Saved, saved: Saved): SettingName[] {
  const [before, after] = [valuesOf(config, atStart), valuesOf(config, saved)];
  return (Object.keys(after) as SettingName[]).filter(
    // No process uses a Redis, so none waits for the address of one.
    (name) => !isHot(name) && name !== 'redis_url' && after[name] !== before[name],
  );
}
