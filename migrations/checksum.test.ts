import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import checksums from './checksums.json' with { type: 'json' };
import { migrations } from './index.ts';

const folder = new URL('./', import.meta.url);

it('leaves every migration that has landed as it is, numbered without a gap', async () => {
  const files = (await readdir(folder)).filter((file) => /^\d{4}-.*\.ts$/.test(file)).sort();
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, folder));
      return [file, createHash('sha256').update(text).digest('hex')] as const;
    }),
  );
  expect(Object.fromEntries(found)).toEqual(checksums);
  expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
  expect(Object.keys(migrations)).toEqual(files.map((file) => file.replace(/\.ts$/, '')));
});
