import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, chown, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, ConfigError } from './config.ts';

type KeyConfig = Pick<Config, 'secretKey' | 'previousSecretKeys' | 'dataDir'>;

const SHORTEST = 32;

const pathOf = (dataDir: string): string => join(dataDir, 'secret.key');

/**
 * The texts all encryption keys are derived from, the current one first: PIPEWRIGHT_SECRET_KEY and
 * PIPEWRIGHT_SECRET_KEY_PREVIOUS, else the lines of the file `secret.key` in the data directory. Null: there is
 * neither.
 * @throws ConfigError for a file that cannot be read or holds no key
 */
export async function readSecretKeys(config: KeyConfig): Promise<readonly string[] | null> {
  if (config.secretKey !== null) return [config.secretKey, ...config.previousSecretKeys];
  const path = pathOf(config.dataDir);
  const found = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new ConfigError(
      `${path} cannot be read (${error.code}). Give it to this account, or set PIPEWRIGHT_SECRET_KEY.`,
    );
  });
  if (found === null) return null;
  const keys = linesOf(found);
  if (keys.length === 0 || keys.some((key) => key.length < SHORTEST)) {
    throw new ConfigError(
      `${path} holds no usable key. Restore it from a backup, or stored credentials stay unreadable.`,
    );
  }
  await keepPrivate(path);
  return [...keys, ...config.previousSecretKeys];
}

/** The key file's lines as they are now; empty when it cannot be read at this moment. */
export function rereadKeyFile(dataDir: string): readonly string[] {
  try {
    return linesOf(readFileSync(pathOf(dataDir), 'utf8')).filter((key) => key.length >= SHORTEST);
  } catch {
    return [];
  }
}

/**
 * Makes the key file, readable by this account only. Several processes on one directory agree on one key, because
 * the file appears whole or not at all.
 */
export async function createSecretKey(dataDir: string): Promise<readonly string[]> {
  await mkdir(dataDir, { recursive: true });
  const path = pathOf(dataDir);
  const draft = await writeDraft(path, [newSecretKey()]);
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return linesOf(await readFile(path, 'utf8'));
}

/** Replaces the lines of the key file; readers see the old ones or the new ones. */
export async function writeSecretKeys(dataDir: string, keys: readonly string[]): Promise<void> {
  const path = pathOf(dataDir);
  const draft = await writeDraft(path, keys);
  // Whoever serves must still be able to read it when an operator has replaced it under another account.
  const { uid, gid } = await stat(path).catch(() => stat(draft));
  await chown(draft, uid, gid);
  await rename(draft, path);
}

export const newSecretKey = (): string => randomBytes(32).toString('base64url');

async function writeDraft(path: string, keys: readonly string[]): Promise<string> {
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(draft, keys.map((key) => `${key}\n`).join(''), { mode: 0o600, flush: true });
  return draft;
}

/** A file that others may read is made private; where that is not ours to decide, it stays. */
async function keepPrivate(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) await chmod(path, 0o600).catch(() => undefined);
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
