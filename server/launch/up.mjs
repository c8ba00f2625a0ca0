import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { projectNode, root, say, toolEnvironment } from './place.mjs';
import { openPlaceholder } from './placeholder.mjs';

// npm run up: whatever is missing is installed and built, then Pipewright starts. Until it is ready every request
// gets 503; server/launch/take-over.ts asks for the port when the server can answer by itself.

const args = process.argv.slice(2);

async function main() {
  const closePlaceholder = await announce();
  // Signals end the installation and the build as well: they belong to our process group.
  await ensureInstalled();
  if (!isWorker()) await ensureBuilt();
  say('starting');
  process.exitCode = await serve(closePlaceholder);
  await closePlaceholder();
}

/** Workers answer nobody, and port 0 is chosen later by the server itself. */
async function announce() {
  const port = Number(process.env.PORT?.trim() || 3000);
  // server/config.ts refuses a wrong port with a better message.
  if (isWorker() || !Number.isInteger(port) || port <= 0 || port > 65_535) return async () => undefined;
  return openPlaceholder({ host: process.env.HOST?.trim() || '127.0.0.1', port });
}

function isWorker() {
  const at = args.indexOf('--role');
  const flag =
    at === -1 ? args.find((arg) => arg.startsWith('--role='))?.slice('--role='.length) : args[at + 1];
  return (flag ?? process.env.PIPEWRIGHT_ROLE?.trim()) === 'worker';
}

async function serve(closePlaceholder) {
  const child = spawn(projectNode, [join('server', 'main.ts'), '--launched', ...args], {
    cwd: root,
    env: toolEnvironment({ NODE_ENV: 'production' }),
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  child.on('message', (message) => {
    if (message === 'port please')
      void closePlaceholder().then(() => child.connected && child.send('port free'));
  });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

main().catch((error) => {
  process.stderr.write(`[pipewright] ${error.message}\n`);
  process.exit(1);
});
