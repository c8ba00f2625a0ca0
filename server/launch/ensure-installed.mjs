import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modules, projectNode, root, say } from './place.mjs';
import { run } from './run.mjs';

/**
 * Installs the packages package-lock.json names, unless exactly those are installed already, and the project's
 * own Node, also where npm was told not to run install scripts.
 */
export async function ensureInstalled() {
  if (!(await matchesLock())) {
    say('installing packages (only on the first start and after an update)');
    // Not `npm ci`: it insists on programs for every other platform being in the lock, which a registry mirror
    // may lack. This installs what the lock says and leaves the lock alone. Tools the build needs are development
    // dependencies, so NODE_ENV=production must not leave them out.
    await npm(['install', '--no-save', '--include=dev', '--include=optional', '--no-audit', '--no-fund']);
  }
  if (!(await isExecutable(projectNode))) {
    say("installing the project's own Node");
    const installer = join(modules, 'node', 'installArchSpecificPackage.js');
    await expectSuccess('the installer of Node', await run(process.execPath, [installer], inNodePackage()));
  }
}

/** npm records what it installed, at the end of a whole installation only; that is compared with the lock. */
async function matchesLock() {
  const [wanted, installed] = await Promise.all([
    packagesOf(join(root, 'package-lock.json')),
    packagesOf(join(modules, '.package-lock.json')),
  ]);
  if (wanted === null || installed === null) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    // Packages of other platforms are optional and stay out.
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

async function packagesOf(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}

async function npm(args) {
  // npm replaces node_modules while it works, so it must not run on the Node that lives in there.
  const path = (process.env.PATH ?? '').split(':').filter((entry) => !entry.endsWith('/node_modules/.bin'));
  const env = { ...process.env, PATH: path.join(':') };
  await expectSuccess('npm install', await run('npm', args, { env }));
}

function inNodePackage() {
  return { cwd: join(modules, 'node') };
}

async function expectSuccess(what, code) {
  if (code === 0) return;
  throw new Error(
    `${what} failed (exit ${code}). The lines above say why; run the same command again afterwards.`,
  );
}

async function isExecutable(path) {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
