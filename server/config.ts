import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

export const roles = ['all', 'server', 'worker'] as const;
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Everything an operator can set. Built once at start; nothing else reads the environment. */
export interface Config {
  /** `server` answers requests, `worker` drives runs, `all` does both. */
  role: (typeof roles)[number];
  /** Next compiles screens on request and reports errors in the browser. */
  development: boolean;
  /** Started by `npm run up`, which holds the port until it is asked for. */
  launched: boolean;
  host: string;
  /** TCP port; 0 lets the system choose. */
  port: number;
  /** Absolute directory of everything Pipewright keeps on disk. */
  dataDir: string;
  /** Absolute directory of the instruction packs that skills are read from. */
  skillsDir: string;
  /** PostgreSQL connection string; null means: run the embedded one in `dataDir`. */
  databaseUrl: string | null;
  /** `host:port` or CIDR entries that outbound nodes may reach although they are private. */
  egressAllow: string[];
  /** Dangerous node types that are allowed, e.g. `run_command`. */
  enabledNodeTypes: string[];
  /** Addresses or CIDRs of proxies whose `X-Forwarded-*` headers are believed; empty: none. */
  trustProxy: string[];
  /** Where people and other systems reach this installation, without a slash at the end; null: this machine. */
  publicUrl: string | null;
  /** Other sites whose pages may call the API with a key of their own, such as `https://app.example.com`. */
  corsOrigins: string[];
  /** Requests a minute of one key or session, and of one address without; 0: as many as come. */
  rateLimits: { perCredential: number; perAddress: number };
  /** The message gateway: where it is, what it wants from us, and what it shows us; null: there is none. */
  gateway: { url: string; adminToken: string; inboundToken: string } | null;
  /** Text the encryption keys are derived from; null means: the key file in `dataDir`. */
  secretKey: string | null;
  /** Earlier such texts, which only open what they have sealed. */
  previousSecretKeys: string[];
  /** Runs one worker process drives at the same time. */
  concurrency: number;
  /** Days that ended runs are kept; 0: for ever. */
  retentionDays: number;
  /** Runs that are kept of each environment; 0: all. */
  retentionRuns: number;
  logLevel: (typeof logLevels)[number];
}

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that cannot be used; the message names the variable and says what is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const list = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .transform((entries) => entries.filter((entry) => entry !== ''));

const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `must be a whole number from ${from} to ${to}`);

const variables = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:%-]+$/, 'must be a host name or an IP address')
    .default('127.0.0.1'),
  PIPEWRIGHT_DATA: z.string().default('./.pipewright'),
  PIPEWRIGHT_SKILLS: z.string().nullable().default(null),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .nullable()
    .default(null),
  PIPEWRIGHT_EGRESS_ALLOW: list.refine(
    (entries) => entries.every((entry) => egressEntry.test(entry)),
    'must be a comma-separated list of host:port or CIDR, e.g. 10.0.0.0/8,db.internal:5432',
  ),
  PIPEWRIGHT_ENABLE: list,
  PIPEWRIGHT_TRUST_PROXY: list.refine(
    (entries) => entries.every((entry) => networkEntry.test(entry)),
    'must be a comma-separated list of addresses or CIDRs, e.g. 127.0.0.1,10.0.0.0/8',
  ),
  PIPEWRIGHT_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://pipewright.example.com' })
    .transform((url) => url.replace(/\/+$/, ''))
    .nullable()
    .default(null),
  PIPEWRIGHT_CORS_ORIGINS: list.refine(
    (entries) => entries.every((entry) => URL.canParse(entry) && new URL(entry).origin === entry),
    'must be a comma-separated list of origins, e.g. https://app.example.com',
  ),
  PIPEWRIGHT_RATE_LIMIT: wholeNumber(0, 100_000_000).default(6000),
  PIPEWRIGHT_RATE_LIMIT_STRANGERS: wholeNumber(0, 100_000_000).default(3000),
  PIPEWRIGHT_GATEWAY_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:8080' })
    .transform((url) => url.replace(/\/+$/, ''))
    .nullable()
    .default(null),
  PIPEWRIGHT_GATEWAY_ADMIN_TOKEN: z
    .string()
    .min(16, 'must have at least 16 characters')
    .nullable()
    .default(null),
  PIPEWRIGHT_GATEWAY_TOKEN: z.string().min(16, 'must have at least 16 characters').nullable().default(null),
  PIPEWRIGHT_SECRET_KEY: z.string().min(32, 'must have at least 32 characters').nullable().default(null),
  PIPEWRIGHT_SECRET_KEY_PREVIOUS: list.refine(
    (entries) => entries.every((entry) => entry.length >= 32),
    'must be a comma-separated list of keys of at least 32 characters',
  ),
  PIPEWRIGHT_CONCURRENCY: wholeNumber(1, 10_000).default(100),
  PIPEWRIGHT_RETENTION_DAYS: wholeNumber(0, 36_500).default(30),
  PIPEWRIGHT_RETENTION_RUNS: wholeNumber(0, 100_000_000).default(50_000),
  PIPEWRIGHT_LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  PIPEWRIGHT_ROLE: z.enum(roles, `must be one of ${roles.join(', ')}`).default('all'),
});

/** Every variable `loadConfig` reads. */
export const variableNames: readonly string[] = Object.keys(variables.shape);

const networkEntry = /^[\da-fA-F.:]+(\/\d{1,3})?$/;
const egressEntry = /^([\da-fA-F.:]+\/\d{1,3}|(\[[\da-fA-F:.]+\]|[\w.-]+):\d{1,5})$/;

/**
 * Reads and checks the settings. An empty variable counts as unset; `--role=…` and `--dev` win over variables.
 * @throws ConfigError naming every variable that cannot be used
 */
export function loadConfig(env: Environment = process.env, argv = process.argv.slice(2)): Config {
  const flags = readFlags(argv);
  const set = Object.entries({ ...env, ...flags.overrides }).filter(([, value]) => value?.trim() !== '');
  const parsed = variables.safeParse(Object.fromEntries(set));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new ConfigError(faults.join('\n'));
  }
  const values = parsed.data;
  return {
    role: values.PIPEWRIGHT_ROLE,
    development: flags.development,
    launched: flags.launched,
    host: values.HOST,
    port: values.PORT,
    dataDir: resolve(values.PIPEWRIGHT_DATA),
    skillsDir: resolve(values.PIPEWRIGHT_SKILLS ?? join(values.PIPEWRIGHT_DATA, 'skills')),
    databaseUrl: values.DATABASE_URL,
    egressAllow: values.PIPEWRIGHT_EGRESS_ALLOW,
    enabledNodeTypes: values.PIPEWRIGHT_ENABLE,
    trustProxy: values.PIPEWRIGHT_TRUST_PROXY,
    publicUrl: values.PIPEWRIGHT_PUBLIC_URL,
    corsOrigins: values.PIPEWRIGHT_CORS_ORIGINS,
    rateLimits: {
      perCredential: values.PIPEWRIGHT_RATE_LIMIT,
      perAddress: values.PIPEWRIGHT_RATE_LIMIT_STRANGERS,
    },
    gateway: gatewayOf(values),
    secretKey: values.PIPEWRIGHT_SECRET_KEY,
    previousSecretKeys: values.PIPEWRIGHT_SECRET_KEY_PREVIOUS,
    concurrency: values.PIPEWRIGHT_CONCURRENCY,
    retentionDays: values.PIPEWRIGHT_RETENTION_DAYS,
    retentionRuns: values.PIPEWRIGHT_RETENTION_RUNS,
    logLevel: values.PIPEWRIGHT_LOG_LEVEL,
  };
}

/** All three or none: half a gateway would look like one until the first message. */
function gatewayOf(values: z.output<typeof variables>): Config['gateway'] {
  const { PIPEWRIGHT_GATEWAY_URL: url, PIPEWRIGHT_GATEWAY_ADMIN_TOKEN: adminToken } = values;
  const { PIPEWRIGHT_GATEWAY_TOKEN: inboundToken } = values;
  if (url !== null && adminToken !== null && inboundToken !== null) return { url, adminToken, inboundToken };
  if (url === null && adminToken === null && inboundToken === null) return null;
  throw new ConfigError(
    'PIPEWRIGHT_GATEWAY_URL, PIPEWRIGHT_GATEWAY_ADMIN_TOKEN and PIPEWRIGHT_GATEWAY_TOKEN belong together: set all three or none.',
  );
}

interface Flags {
  development: boolean;
  launched: boolean;
  overrides: Record<string, string>;
}

function readFlags(args: string[]): Flags {
  try {
    const { values } = parseArgs({
      args,
      options: { role: { type: 'string' }, dev: { type: 'boolean' }, launched: { type: 'boolean' } },
    });
    return {
      development: values.dev === true,
      launched: values.launched === true,
      overrides: values.role === undefined ? {} : { PIPEWRIGHT_ROLE: values.role },
    };
  } catch (error) {
    throw new ConfigError(`${(error as Error).message} (known: --role=${roles.join('|')}, --dev)`);
  }
}
