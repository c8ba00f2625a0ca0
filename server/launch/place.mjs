import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Everything in the .mjs files of this folder runs before anything is installed, with whatever Node (20 or
// newer) the machine has: plain JavaScript, nothing but Node's own modules.

/** The checkout's top directory. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const modules = join(root, 'node_modules');

/** The Node the project brings with it. */
export const projectNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** The environment for the project's own tools: its Node and its programs come first. */
export function toolEnvironment(extra = {}) {
  const path = [dirname(projectNode), join(modules, '.bin'), process.env.PATH ?? ''].join(':');
  return { ...process.env, PATH: path, NEXT_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...extra };
}

/** One progress line. */
export function say(message) {
  process.stdout.write(`[pipewright] ${message}\n`);
}
