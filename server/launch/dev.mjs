import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';
import { projectNode, root, say, toolEnvironment } from './place.mjs';

// npm run dev: Next recompiles screens on request, and the server restarts when one of its own files changes.
// Not `node --watch`: it would also watch what Next writes, since Next runs in the same process.

/** What the server loads; src/nodes, src/domain and src/contract are shared with the screens. */
const watched = ['server', 'migrations', 'src/domain', 'src/contract', 'src/nodes'];

/** A restart waits this long for running steps; the next start takes over what is left. */
const PATIENCE_MS = 2_000;
const QUIET_MS = 100;

let child = null;
let ending = false;
let timer;

function start() {
  const args = ['server/main.ts', '--dev', ...process.argv.slice(2)];
  const env = toolEnvironment({ NODE_ENV: 'development' });
  child = spawn(projectNode, args, { cwd: root, env, stdio: 'inherit' });
  child.once('exit', (code) => {
    child = null;
    if (ending) process.exit(code ?? 1);
    if (code !== 0) say('the server ended; it starts again when a file changes');
  });
}

async function restart() {
  if (child !== null) {
    const gone = once(child, 'exit');
    const old = child;
    old.kill('SIGTERM');
    const impatience = setTimeout(() => old.kill('SIGKILL'), PATIENCE_MS);
    await gone;
    clearTimeout(impatience);
  }
  start();
}

function watchFiles() {
  let restarting = Promise.resolve();
  for (const folder of watched) {
    if (!existsSync(join(root, folder))) continue;
    watch(join(root, folder), { recursive: true }, (_event, file) => {
      if (file === null || !/\.(ts|mjs)$/.test(file) || file.endsWith('.test.ts')) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        say(`${join(folder, file)} changed, restarting`);
        restarting = restarting.then(restart);
      }, QUIET_MS);
    });
  }
}

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
  process.on(signal, () => {
    ending = true;
    if (child === null) process.exit(0);
    child.kill(signal);
  });
}

try {
  await ensureInstalled();
  start();
  watchFiles();
} catch (error) {
  process.stderr.write(`[pipewright] ${error.message}\n`);
  process.exitCode = 1;
}
