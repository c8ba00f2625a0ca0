import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSecretKey } from './secret-key.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'secret-key-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

test('the key of the environment wins and no file is made', async () => {
  const secretKey = 'k'.repeat(32);
  expect(await readSecretKey({ secretKey, dataDir })).toBe(secretKey);
  expect(await readdir(dataDir)).toEqual([]);
});

test('twenty first readers at once agree on one key in a private file', async () => {
  const keys = await Promise.all(
    Array.from({ length: 20 }, () => readSecretKey({ secretKey: null, dataDir })),
  );
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toHaveLength(43);
  expect(await readdir(dataDir)).toEqual(['secret.key']);
  expect((await stat(join(dataDir, 'secret.key'))).mode & 0o777).toBe(0o600);
});

test('a damaged key file is refused instead of replaced', async () => {
  await writeFile(join(dataDir, 'secret.key'), '');
  await expect(readSecretKey({ secretKey: null, dataDir })).rejects.toThrow('holds no usable key');
});
