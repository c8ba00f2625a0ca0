import type { InputOf, OutputOf } from '#contract/contract.ts';

export type Settings = OutputOf<'settings', 'get'>;
export type Environment = Settings['environment'];
export type SettingChange = InputOf<'settings', 'update'>;
export type SettingName = keyof SettingChange;

/** The settings in words, as messages name them. */
const LABELS: Readonly<Record<SettingName, string>> = {
  platform_base_url: 'Public address',
  cors_allow_all_origins: 'Pages of other sites',
  log_level: 'Log level',
  log_file: 'Log file',
  zombie_execution_threshold_seconds: 'Abandoned runs',
  sandbox_mode: 'Sandbox for commands',
  database_url: 'Database',
  redis_url: 'Redis',
};

export const labelOf = (name: string): string => LABELS[name as SettingName] ?? name;

/** Several names as a person lists them. */
export const listed = (names: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'conjunction' }).format(names.map(labelOf));

export type LogLevel = Settings['config']['log_level'];
export const LOG_LEVEL_ITEMS: { value: LogLevel; label: string }[] = [
  { value: 'DEBUG', label: 'Debug' },
  { value: 'INFO', label: 'Info' },
  { value: 'WARNING', label: 'Warning' },
  { value: 'ERROR', label: 'Error' },
  { value: 'CRITICAL', label: 'Critical' },
];

export const SANDBOX_ITEMS = [
  { value: 'auto', label: 'Automatic', description: 'The strongest this machine offers.' },
  { value: 'container', label: 'Container', description: 'Refuses commands outside of a container.' },
  { value: 'bwrap', label: 'Bubblewrap', description: 'Refuses commands without bubblewrap.' },
  { value: 'none', label: 'None', description: 'Commands run as Pipewright itself.' },
] as const;

/** What the form holds; numbers as they are typed. */
export interface ConfigEntry {
  readonly platform_base_url: string;
  readonly cors_allow_all_origins: boolean;
  readonly log_level: LogLevel;
  readonly log_file: string;
  readonly zombie_execution_threshold_seconds: number | null;
  readonly sandbox_mode: string;
  readonly database_url: string;
  readonly redis_url: string;
}

export const entryOf = (config: Settings['config']): ConfigEntry => ({
  ...config,
  cors_allow_all_origins: config.cors_allow_all_origins ?? false,
  zombie_execution_threshold_seconds: config.zombie_execution_threshold_seconds ?? 0,
});

/** Only what differs from what was loaded. */
export function changesOf(config: Settings['config'], entry: ConfigEntry): SettingChange {
  const before = entryOf(config);
  const names = (Object.keys(LABELS) as SettingName[]).filter((name) => clean(entry[name]) !== before[name]);
  return Object.fromEntries(names.map((name) => [name, clean(entry[name])])) as SettingChange;
}

function clean(value: string | boolean | number | null): string | boolean | number {
  if (typeof value === 'string') return value.trim();
  // An emptied number is the default: never.
  return value ?? 0;
}
