import type { InputOf, OutputOf } from '#contract/contract.ts';
import type { Config } from '#server/config.ts';

export type ConfigOut = OutputOf<'settings', 'get'>['config'];
export type Change = InputOf<'settings', 'update'>;
export type SettingName = keyof Change;

/** What has been saved, with its secrets. What is absent is as the environment says. */
export type Saved = { readonly [K in SettingName]?: NonNullable<Change[K]> };

/** The address of the database that Pipewright runs by itself. */
export const EMBEDDED = 'postgresql://embedded';

const LEVELS = {
  DEBUG: 'debug',
  INFO: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'fatal',
} as const;
type Level = keyof typeof LEVELS;

/** The level of the log, in the words of the log. */
export const logLevelOf = (level: Level): Config['logLevel'] => LEVELS[level];

function shownLevel(level: Config['logLevel']): Level {
  if (level === 'trace') return 'DEBUG';
  if (level === 'silent') return 'CRITICAL';
  return (Object.keys(LEVELS) as Level[]).find((name) => LEVELS[name] === level) ?? 'INFO';
}

type Values = Required<{ [K in SettingName]: NonNullable<Change[K]> }>;

/** Every setting as it is after the next start: what was saved, else what the environment says. */
export function valuesOf(config: Config, saved: Saved): Values {
  return {
    sandbox_mode: 'auto',
    database_url: config.databaseUrl ?? EMBEDDED,
    redis_url: '',
    log_level: shownLevel(config.logLevel),
    log_file: '',
    platform_base_url: config.publicUrl ?? '',
    cors_allow_all_origins: config.corsOrigins.includes('*'),
    zombie_execution_threshold_seconds: 0,
    ...saved,
  };
}

/** As clients see it: passwords in addresses are hidden. */
export function configOutOf(config: Config, saved: Saved): ConfigOut {
  const values = valuesOf(config, saved);
  return {
    pipelit_dir: config.dataDir,
    ...values,
    database_url: redacted(values.database_url),
    redis_url: redacted(values.redis_url),
  };
}

const HIDDEN = '***';
/** Everything between the colon behind the user and the last @: some write passwords unescaped. */
const PASSWORD = /^([a-z][\w+.-]*:\/\/[^:/?#@]*:)(.*)(@)/i;
const PARAMETER = /([?&](?:password|sslpassword)=)[^&#]*/gi;

/** An address with its passwords hidden. */
export const redacted = (url: string): string =>
  url.replace(PASSWORD, `$1${HIDDEN}$3`).replaceAll(PARAMETER, `$1${HIDDEN}`);

/** Whether an address has a hidden password in it: it cannot be used like that. */
export const isRedacted = (url: string): boolean => url.includes(HIDDEN) && redacted(url) === url;
