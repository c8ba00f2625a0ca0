import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig, variableNames } from './config.ts';

test('without any variable the defaults hold', () => {
  expect(loadConfig({}, [])).toEqual({
    role: 'all',
    development: false,
    launched: false,
    host: '127.0.0.1',
    port: 3000,
    dataDir: join(process.cwd(), '.pipewright'),
    skillsDir: join(process.cwd(), '.pipewright', 'skills'),
    databaseUrl: null,
    egressAllow: [],
    enabledNodeTypes: [],
    trustProxy: [],
    publicUrl: null,
    retentionDays: 30,
    retentionRuns: 50_000,
    corsOrigins: [],
    gateway: null,
    secretKey: null,
    previousSecretKeys: [],
    rateLimits: { perAddress: 3000, perCredential: 6000 },
    concurrency: 100,
    logLevel: 'info',
  });
});

test('an empty variable counts as unset', () => {
  expect(loadConfig({ PORT: '', DATABASE_URL: ' ', PIPEWRIGHT_SECRET_KEY: '' }, [])).toEqual(
    loadConfig({}, []),
  );
});

test('the role flag wins over the variable', () => {
  expect(loadConfig({ PIPEWRIGHT_ROLE: 'server' }, ['--role=worker']).role).toBe('worker');
  expect(loadConfig({ PIPEWRIGHT_ROLE: 'server' }, ['--role', 'worker', '--dev'])).toMatchObject({
    role: 'worker',
    development: true,
  });
});

test('lists are split at commas', () => {
  const config = loadConfig(
    {
      PIPEWRIGHT_EGRESS_ALLOW: '127.0.0.1:4000, 10.0.0.0/8,[::1]:80,fd00::/8,db.internal:5432',
      PIPEWRIGHT_ENABLE: 'run_command,',
      PIPEWRIGHT_TRUST_PROXY: '127.0.0.1, 10.0.0.0/8',
      PIPEWRIGHT_PUBLIC_URL: 'https://flows.example.com/',
    },
    [],
  );
  expect(config.egressAllow).toEqual([
    '127.0.0.1:4000',
    '10.0.0.0/8',
    '[::1]:80',
    'fd00::/8',
    'db.internal:5432',
  ]);
  expect(config.enabledNodeTypes).toEqual(['run_command']);
  expect(config.trustProxy).toEqual(['127.0.0.1', '10.0.0.0/8']);
});

describe('a value that cannot be used is refused by name', () => {
  test.each([
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['PORT', '3000x'],
    ['HOST', 'not a host'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['PIPEWRIGHT_EGRESS_ALLOW', 'everything'],
    ['PIPEWRIGHT_TRUST_PROXY', 'yes'],
    ['PIPEWRIGHT_SECRET_KEY', 'short'],
    ['PIPEWRIGHT_PUBLIC_URL', 'example.com'],
    ['PIPEWRIGHT_PUBLIC_URL', 'ftp://example.com'],
    ['PIPEWRIGHT_CONCURRENCY', '0'],
    ['PIPEWRIGHT_RETENTION_DAYS', '-1'],
    ['PIPEWRIGHT_RETENTION_RUNS', 'many'],
    ['PIPEWRIGHT_LOG_LEVEL', 'loud'],
    ['PIPEWRIGHT_ROLE', 'boss'],
  ])('%s=%s', (name, value) => {
    expect(() => loadConfig({ [name]: value }, [])).toThrow(ConfigError);
    expect(() => loadConfig({ [name]: value }, [])).toThrow(`${name} must`);
  });

  test('all faults are told at once', () => {
    expect(() => loadConfig({ PORT: 'x', PIPEWRIGHT_ROLE: 'y' }, [])).toThrow(
      /PORT must[^]*PIPEWRIGHT_ROLE must/,
    );
  });

  test('an unknown flag', () => {
    expect(() => loadConfig({}, ['--colour'])).toThrow(/--colour.*--role/);
  });
});

test('the README documents every variable', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  expect(variableNames.length).toBeGreaterThan(10);
  expect(variableNames.filter((name) => !readme.includes(`| \`${name}\` |`))).toEqual([]);
});
