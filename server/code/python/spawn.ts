import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Task } from './channel.ts';

const SCRIPT = fileURLToPath(new URL('./interpreter.ts', import.meta.url));
const PYODIDE = dirname(fileURLToPath(import.meta.resolve('pyodide')));

/** It may read its own program and nothing else; write, start and load nothing. Python's memory is apart from this heap. */
const FLAGS = [
  '--permission',
  `--allow-fs-read=${join(PYODIDE, '*')}`,
  `--allow-fs-read=${join(dirname(SCRIPT), '..', '*')}`,
  '--no-warnings',
  '--no-experimental-websocket',
  '--max-old-space-size=128',
];

/** Next declares NODE_ENV as always given; here it is not. */
const NOTHING = {} as NodeJS.ProcessEnv;

/** CPU seconds, more than any run may take: code that loops for ever must not outlive a server that was killed. */
const MAX_CPU_S = 150;
const LIMITED = `ulimit -t ${MAX_CPU_S} && exec "$0" "$@"`;

/** A process of its own with an empty environment; `channel.ts` says what its files are. */
export function spawnInterpreter(task: Task, image: number): ChildProcess {
  return spawn('/bin/sh', ['-c', LIMITED, process.execPath, ...FLAGS, SCRIPT, task], {
    env: NOTHING,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', image],
  });
}
