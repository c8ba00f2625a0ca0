import { z } from 'zod';
import { text } from '#domain/text.ts';
import { operation } from './operation.ts';

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

/** In force at once, in every process; every other setting counts after a restart. */
export const HOT_SETTINGS = ['log_level', 'zombie_execution_threshold_seconds'] as const;

/** What can be changed through the API. */
const settable = {
  sandbox_mode: text(50).describe('How commands are kept apart: `auto`, `bwrap`, `container` or `none`.'),
  database_url: text(2000).describe('A password is shown as `***`; sent back like that it stays as it is.'),
  redis_url: text(2000).describe('Stored for clients that expect it; Pipewright needs no Redis.'),
  log_level: z.enum(LOG_LEVELS),
  log_file: text(1000).describe('Below the data directory; empty: standard output only.'),
  platform_base_url: text(2000).describe('Where people and other systems reach this installation.'),
  cors_allow_all_origins: z.boolean().describe('Whether pages of any site may call the API with a key.'),
  zombie_execution_threshold_seconds: z
    .int()
    .min(0)
    .max(31_536_000)
    .describe(
      'A run whose process died fails instead of being taken up again if that was longer ago; 0: never.',
    ),
};

export const configOut = z
  .object({
    pipelit_dir: z.string().describe('The data directory.'),
    ...settable,
    cors_allow_all_origins: settable.cors_allow_all_origins.nullable(),
    zombie_execution_threshold_seconds: z.int().nullable(),
  })
  .meta({ id: 'SettingsConfig' });

export const environmentOut = z
  .object({
    os: z.string(),
    arch: z.string(),
    container: z.string().nullable().describe('Such as `docker` or `kubernetes`; null: none was recognised.'),
    bwrap_available: z.boolean(),
    rootfs_ready: z.boolean(),
    sandbox_mode: z.string().describe('The one in force.'),
    capabilities: z.object({
      runtimes: z.record(
        z.string(),
        z.object({ available: z.boolean(), version: z.string().nullable(), path: z.string().nullable() }),
      ),
      shell_tools: z.record(
        z.string(),
        z.object({ available: z.boolean(), tier: z.union([z.literal(1), z.literal(2)]) }),
      ),
      network: z.object({ dns: z.boolean(), http: z.boolean() }),
    }),
    tier1_met: z.boolean().describe('Every tool that commands rely on is there.'),
    tier2_warnings: z.array(z.string()),
    gate: z.object({ passed: z.boolean(), blocked_reason: z.string().nullable() }),
  })
  .meta({ id: 'SettingsEnvironment' });

const settingsOut = z.object({
  config: configOut,
  environment: environmentOut,
  pending_restart: z.array(z.string()).describe('Settings whose saved value counts after a restart only.'),
  fixed_by_environment: z
    .array(z.string())
    .describe('Settings a variable of the server’s environment decides, whatever is saved.'),
});

export const settings = {
  get: operation({
    method: 'get',
    path: '/settings',
    status: 200,
    access: 'settings.read',
    summary: 'The installation’s settings and what its environment offers',
    input: z.object({}),
    output: settingsOut.meta({ id: 'Settings' }),
  }),
  update: operation({
    method: 'patch',
    path: '/settings',
    status: 200,
    access: 'settings.edit',
    summary: 'Change settings; some count at once, the rest after a restart',
    input: z.object({
      ...z.object(settable).partial().shape,
      cors_allow_all_origins: settable.cors_allow_all_origins.nullish(),
      zombie_execution_threshold_seconds: settable.zombie_execution_threshold_seconds.nullish(),
    }),
    output: z
      .object({
        config: configOut,
        hot_reloaded: z.array(z.string()).describe('Changed settings that are in force already.'),
        restart_required: z.array(z.string()).describe('Changed settings that count after a restart.'),
      })
      .meta({ id: 'SettingsChange' }),
  }),
  recheckEnvironment: operation({
    method: 'post',
    path: '/settings/recheck-environment',
    status: 200,
    access: 'settings.read',
    summary: 'Look anew at what the environment offers',
    input: z.object({}),
    output: z.object({ environment: environmentOut }),
  }),
} as const;
