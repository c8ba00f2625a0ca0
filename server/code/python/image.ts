import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnInterpreter } from './spawn.ts';

const START_MS = 180_000;

/** The memory of an interpreter that has just started, in a file without a name. */
export interface Image {
  readonly file: number;
  close(): void;
}

/**
 * Starts one interpreter the slow way (about three seconds) and keeps its memory, from which others start quickly.
 * @throws Error when Python cannot be started
 */
export async function makeImage(): Promise<Image> {
  const file = openNameless();
  try {
    const child = spawnInterpreter('make-image', file);
    const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
    let complaint = '';
    child.stderr?.on('data', (text) => (complaint = (complaint + String(text)).slice(-2_000)));
    const [code, signal] = await once(child, 'close');
    clearTimeout(timer);
    if (code !== 0) throw new Error(`Python could not be started (${code ?? signal}): ${complaint.trim()}`);
    return { file, close: () => closeSync(file) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Nothing is left of it when the last process that has it open ends, however it ends. */
function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-'));
  const path = join(folder, 'image');
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  rmdirSync(folder);
  return file;
}
