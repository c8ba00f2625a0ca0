import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ensureInstalled } from './ensure-installed.mjs';
import { projectNode, root, toolEnvironment } from './place.mjs';

// npm run dev: the server restarts when a file it imports changes, and Next recompiles screens on request.
try {
  await ensureInstalled();
  const args = ['--watch', '--watch-preserve-output', 'server/main.ts', '--dev', ...process.argv.slice(2)];
  const env = toolEnvironment({ NODE_ENV: 'development' });
  const child = spawn(projectNode, args, { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} catch (error) {
  process.stderr.write(`[pipewright] ${error.message}\n`);
  process.exitCode = 1;
}
