import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createSecretKey,
  newSecretKey,
  readSecretKeys,
  rereadKeyFile,
  writeSecretKeys,
} from './secret-key.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'secret-key-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const fromFile = () => ({ secretKey: null, previousSecretKeys: [], dataDir });
const modeOf = async (name: string): Promise<number> => (await stat(join(dataDir, name))).mode & 0o777;

test('the keys of the environment win and no file is made', async () => {
  const keys = ['k'.repeat(32), 'l'.repeat(32), 'm'.repeat(32)] as const;
  const given = { secretKey: keys[0], previousSecretKeys: [keys[1], keys[2]], dataDir };
  expect(await readSecretKeys(given)).toEqual(keys);
  expect(await readdir(dataDir)).toEqual([]);
});

test('reading never makes a key', async () => {
  expect(await readSecretKeys(fromFile())).toBe(null);
  expect(rereadKeyFile(dataDir)).toEqual([]);
  expect(await readdir(dataDir)).toEqual([]);
});

test('twenty first makers at once agree on one key in a private file', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => createSecretKey(dataDir)));
  const keys = made.map(([key]) => key);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toHaveLength(43);
  expect(await readSecretKeys(fromFile())).toEqual([keys[0]]);
  expect(await readdir(dataDir)).toEqual(['secret.key']);
  expect(await modeOf('secret.key')).toBe(0o600);
});

test('further lines are earlier keys, and replacing them keeps the file private', async () => {
  const keys = [newSecretKey(), newSecretKey()];
  await writeSecretKeys(dataDir, keys);
  expect(await readSecretKeys(fromFile())).toEqual(keys);
  expect(rereadKeyFile(dataDir)).toEqual(keys);
  expect(await readdir(dataDir)).toEqual(['secret.key']);
  expect(await modeOf('secret.key')).toBe(0o600);
});

test('a key file that others could read is made private', async () => {
  await createSecretKey(dataDir);
  await chmod(join(dataDir, 'secret.key'), 0o644);
  await readSecretKeys(fromFile());
  expect(await modeOf('secret.key')).toBe(0o600);
});

test.each(['', '\n', `${'k'.repeat(40)}\nshort\n`])('the damaged key file %j is refused', async (text) => {
  await writeFile(join(dataDir, 'secret.key'), text);
  await expect(readSecretKeys(fromFile())).rejects.toThrow('holds no usable key');
});
