import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Installation {
  readonly url: string;
  readonly child: ChildProcess;
}

/** Starts a whole Pipewright in a process group of its own and waits until it serves. */
export async function startInstallation(
  environment: Readonly<Record<string, string>>,
): Promise<Installation> {
  const main = fileURLToPath(new URL('./test-installation-main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], {
    detached: true,
    env: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      PIPEWRIGHT_LOG_LEVEL: 'silent',
      PIPEWRIGHT_RATE_LIMIT: '0',
      PIPEWRIGHT_RATE_LIMIT_STRANGERS: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', (code) => reject(new Error(`Pipewright ended with ${code} while starting.`)));
  });
  return { url, child };
}

/** kill -9 for the whole process group, as a power cut would. */
export async function killInstallation({ child }: Installation): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await gone;
}

/** kill -9 for the embedded database server below `dataDir`, if it runs. */
export async function killDatabase(dataDir: string): Promise<void> {
  const pid = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  const number = Number(pid.split('\n')[0]);
  if (!(number > 1)) return;
  try {
    process.kill(number, 'SIGKILL');
  } catch {
    // Gone already, which is what was wanted.
  }
}
