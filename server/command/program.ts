import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where programs of steps are looked for, and nowhere else. */
export const COMMAND_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const VERSION_MS = 3000;
const MAX_OUTPUT = 4096;

/** The file a program's name stands for; null where there is none that may be run. */
export async function whereIs(name: string, path = COMMAND_PATH): Promise<string | null> {
  for (const folder of path.split(':')) {
    const file = join(folder, name);
    if (await isProgram(file)) return file;
  }
  return null;
}

/** Whether a file is there and may be run. */
export async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** The version a program of the system says it has; null where it does not say. */
export function versionOf(file: string): Promise<string | null> {
  return new Promise((resolve) => {
    const env = Object.assign({} as NodeJS.ProcessEnv, { PATH: COMMAND_PATH });
    const options = { timeout: VERSION_MS, maxBuffer: MAX_OUTPUT, env, cwd: '/' };
    execFile(file, ['--version'], options, (_error, stdout, stderr) => {
      resolve(/\d+(?:\.\d+)+[\w.+-]*/.exec(stdout || stderr)?.[0] ?? null);
    }).on('error', () => resolve(null));
  });
}
