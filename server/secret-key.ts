import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, ConfigError } from './config.ts';

/**
 * The text all encryption keys are derived from: PIPEWRIGHT_SECRET_KEY, else the file `secret.key` in the data
 * directory, which is made on first use, readable by this account only. Several processes on one directory
 * agree on one key, because the file appears whole or not at all.
 */
export async function readSecretKey(config: Pick<Config, 'secretKey' | 'dataDir'>): Promise<string> {
  if (config.secretKey !== null) return config.secretKey;
  const path = join(config.dataDir, 'secret.key');
  const found = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new ConfigError(
      `${path} cannot be read (${error.code}). Give it to this account, or set PIPEWRIGHT_SECRET_KEY.`,
    );
  });
  if (found === null) return createKey(config.dataDir, path);
  const key = found.trim();
  if (key.length < 32) {
    throw new ConfigError(
      `${path} holds no usable key. Restore it from a backup, or stored credentials stay unreadable.`,
    );
  }
  return key;
}

async function createKey(dataDir: string, path: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(path, 'utf8')).trim();
}
