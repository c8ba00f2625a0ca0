import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

let server: TestServer;
let dataDir: string;
let admin: Caller;
let bob: Caller;

interface Settings {
  config: Record<string, unknown>;
  environment: {
    os: string;
    capabilities: {
      runtimes: Record<string, { available: boolean; version: string | null; path: string | null }>;
      shell_tools: Record<string, { available: boolean; tier: number }>;
    };
    tier1_met: boolean;
    tier2_warnings: string[];
    gate: { passed: boolean; blocked_reason: string | null };
  };
  pending_restart: string[];
  fixed_by_environment: string[];
}
interface Change {
  config: Record<string, unknown>;
  hot_reloaded: string[];
  restart_required: string[];
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pipewright-settings-'));
  server = await startTestServer({
    PIPEWRIGHT_DATA: dataDir,
    PIPEWRIGHT_PUBLIC_URL: 'https://flows.example',
  });
  admin = await server.setUp();
  bob = await server.addUser('bob');
});
afterAll(async () => {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

const get = (who = bob) => who.ok<Settings>('settings.get');
const change = (input: Record<string, unknown>) => admin.ok<Change>('settings.update', input);

it('shows everybody the configuration and what the machine offers', async () => {
  const { config, environment, pending_restart, fixed_by_environment } = await get();
  expect(config).toMatchObject({
    pipelit_dir: dataDir,
    sandbox_mode: 'auto',
    redis_url: '',
    log_level: expect.any(String),
    log_file: '',
    platform_base_url: 'https://flows.example',
    cors_allow_all_origins: false,
    zombie_execution_threshold_seconds: 0,
  });
  expect(config['database_url']).toMatch(/^postgres/);
  expect(pending_restart).toEqual([]);
  expect(fixed_by_environment).toEqual(['database_url']);
  expect(environment.os).toBe('Linux');
  const { runtimes, shell_tools } = environment.capabilities;
  expect(runtimes['bash']).toEqual({
    available: true,
    version: expect.stringMatching(/^\d+\.\d+/),
    path: expect.stringMatching(/^\/.*bash$/),
  });
  expect(shell_tools['cat']).toEqual({ available: true, tier: 1 });
  expect(environment.tier1_met).toBe(true);
  expect(environment.gate).toEqual({ passed: true, blocked_reason: null });
  const absent = Object.entries(shell_tools).flatMap(([name, tool]) => (tool.available ? [] : [name]));
  expect(environment.tier2_warnings).toHaveLength(absent.length);
});

it('looks anew when asked', async () => {
  const { environment } = await bob.ok<Settings>('settings.recheckEnvironment');
  expect(environment.os).toBe('Linux');
});

it('puts some changes in force at once and stores the rest', async () => {
  const done = await change({
    log_level: 'ERROR',
    zombie_execution_threshold_seconds: '120',
    log_file: 'logs/server.log',
    platform_base_url: 'https://new.example/',
    cors_allow_all_origins: true,
  });
  expect(done.hot_reloaded.toSorted()).toEqual(['log_level', 'zombie_execution_threshold_seconds']);
  expect(done.restart_required.toSorted()).toEqual([
    'cors_allow_all_origins',
    'log_file',
    'platform_base_url',
  ]);
  expect(done.config).toMatchObject({
    log_level: 'ERROR',
    zombie_execution_threshold_seconds: 120,
    log_file: 'logs/server.log',
    platform_base_url: 'https://new.example/',
    cors_allow_all_origins: true,
  });
  const { config, pending_restart } = await get();
  expect(config).toEqual(done.config);
  expect(pending_restart.toSorted()).toEqual(done.restart_required.toSorted());
  const { rows } = await server.connection.pool.query(
    "select target from audit_events where action = 'settings_changed'",
  );
  expect(rows[0]?.target).toContain('log_level');
});

it('takes all of them back as they were shown for no change', async () => {
  await change({ redis_url: 'redis://me:canary-redis@cache:6379/0' });
  const { config } = await get();
  expect(config['redis_url']).toBe('redis://me:***@cache:6379/0');
  const { pipelit_dir: _, ...shown } = config;
  const echoed = await change(shown);
  expect(echoed).toEqual({ config, hot_reloaded: [], restart_required: [] });
  expect((await change({ redis_url: 'redis://me:canary-redis@cache:6379/0' })).restart_required).toEqual([]);
  const unescaped = await change({ redis_url: 'redis://me:can/ary#redis@cache:6379/0' });
  expect(unescaped.config['redis_url']).toBe('redis://me:***@cache:6379/0');
  const { rows } = await server.connection.pool.query('select s::text as all from settings s');
  expect(JSON.stringify(rows)).not.toContain('canary-redis');
  expect(JSON.stringify(await get())).not.toContain('canary-redis');
});

it('keeps the address of another database for the next start, where only this account reads it', async () => {
  const done = await change({
    database_url: 'postgresql://me:canary-db@db:5432/other?sslpassword=canary-ssl',
  });
  expect(done.restart_required).toEqual(['database_url']);
  expect(done.config['database_url']).toBe('postgresql://me:***@db:5432/other?sslpassword=***');
  const file = join(dataDir, 'database-url');
  expect(await readFile(file, 'utf8')).toContain('canary-db');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const refused = await admin.call('settings.update', {
    database_url: 'postgresql://me:***@evil:5432/other',
  });
  expect(refused).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'database_url'] }] } });
  await change({ database_url: '' });
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('goes back to what the environment says', async () => {
  const done = await change({ cors_allow_all_origins: null, zombie_execution_threshold_seconds: null });
  expect(done.config).toMatchObject({ cors_allow_all_origins: false, zombie_execution_threshold_seconds: 0 });
  expect(await change({ cors_allow_all_origins: null })).toMatchObject({ restart_required: [] });
});

it.each([
  { log_level: 'LOUD' },
  { log_level: null },
  { sandbox_mode: 'jail' },
  { database_url: 'mysql://x' },
  { database_url: 'postgresql://me:un/escaped@db:5432/other' },
  { database_url: null },
  { redis_url: 'cache:6379' },
  { platform_base_url: 'javascript:alert(1)' },
  { log_file: '../../etc/cron.d/x' },
  { log_file: '/etc/passwd' },
  { zombie_execution_threshold_seconds: -1 },
  { zombie_execution_threshold_seconds: 1.5 },
  { cors_allow_all_origins: 'maybe' },
])('refuses %j and changes nothing', async (wrong) => {
  const before = (await get()).config;
  const [field = ''] = Object.keys(wrong);
  const answer = await admin.call('settings.update', { ...wrong, sandbox_mode: 'none', ...wrong });
  expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', field] }] } });
  expect((await get()).config).toEqual(before);
});

it('is changed by administrators only', async () => {
  expect(await bob.call('settings.update', { log_level: 'DEBUG' })).toMatchObject({
    status: 403,
    body: { detail: 'Admin access required.' },
  });
  for (const operation of ['get', 'update', 'recheckEnvironment']) {
    expect((await server.nobody.call(`settings.${operation}`)).status).toBe(401);
  }
});
