import { isAbsolute, relative, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '#server/config.ts';
import type { Db } from '#server/db/connection.ts';
import { listen } from '#server/db/listener.ts';
import { readSaved, SETTINGS_CHANGED } from './store.ts';
import { logLevelOf, type Saved } from './value.ts';

/** A file below the data directory, or null for a path that leaves it. */
export function logFileIn(dataDir: string, path: string): string | null {
  const file = resolve(dataDir, path);
  const below = relative(dataDir, file);
  return below === '' || below.startsWith('..') || isAbsolute(below) ? null : file;
}

/** The settings of the installation as one process works by them. */
export interface LiveSettings {
  /** The configuration with what was saved before the start. */
  readonly config: Config;
  /** What was saved when this process started: the rest of it counts from the next start on. */
  readonly atStart: Saved;
  /** Takes what counts at once from the table; other processes do so by themselves. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

export interface LiveOptions {
  readonly db: Db;
  readonly url: string;
  readonly log: Logger;
}

/** Reads what was saved and follows the changes, in whichever process they are made. */
export async function openSettings(config: Config, options: LiveOptions): Promise<LiveSettings> {
  const { db, url, log } = options;
  const atStart = await readSaved(db, null, config.dataDir);
  const apply = (saved: Saved): void => {
    // A log that is silent stays so: whoever started it wants none.
    if (log.level === 'silent') return;
    log.level = saved.log_level ? logLevelOf(saved.log_level) : config.logLevel;
  };
  const reload = async (): Promise<void> => apply(await readSaved(db, null, config.dataDir));
  const retrying = (): void => {
    reload().catch((error: unknown) => log.warn({ err: error }, 'changed settings could not be read'));
  };
  const listener = await listen({
    url,
    channels: { [SETTINGS_CHANGED]: retrying },
    onConnected: retrying,
  });
  return { config: withSaved(config, atStart), atStart, reload, close: listener.close };
}

/** What was saved wins over the environment, but for the address of the database. */
function withSaved(config: Config, saved: Saved): Config {
  const cors = saved.cors_allow_all_origins;
  return {
    ...config,
    ...(saved.log_level && config.logLevel !== 'silent' && { logLevel: logLevelOf(saved.log_level) }),
    ...(saved.platform_base_url && { publicUrl: saved.platform_base_url.replace(/\/+$/, '') }),
    ...(cors === true && { corsOrigins: ['*'] }),
    ...(cors === false && { corsOrigins: config.corsOrigins.filter((origin) => origin !== '*') }),
  };
}
