import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** It cannot be kept in the database: it says which one to open. */
const fileIn = (dataDir: string): string => join(dataDir, 'database-url');

/** The database chosen in the settings; null: none was. The environment variable wins over it. */
export async function savedDatabaseUrl(dataDir: string): Promise<string | null> {
  const text = await readFile(fileIn(dataDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.trim() || null;
}

/** Keeps the choice for the next start, readable by this account only; null forgets it. */
export async function saveDatabaseUrl(dataDir: string, url: string | null): Promise<void> {
  const file = fileIn(dataDir);
  if (url === null) {
    await rm(file, { force: true });
    return;
  }
  await mkdir(dataDir, { recursive: true });
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${url}\n`, { mode: 0o600, flush: true });
  await rename(draft, file);
}
