import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say } from './place.mjs';
import { run } from './run.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const macPaths = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const advice = 'Install Chromium with your package manager, or set PIPEWRIGHT_CHROMIUM to its path.';

/**
 * The path of a Chromium that starts, installed with apt where there is none.
 * @throws when there is none and it cannot be installed, saying what to do
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found !== null) return found;
  say('installing Chromium for the end-to-end tests');
  await aptInstall();
  const installed = findChromium();
  if (installed === null) throw new Error(`apt installed no usable Chromium. ${advice}`);
  return installed;
}

function findChromium() {
  const given = process.env.PIPEWRIGHT_CHROMIUM?.trim();
  if (given) {
    if (starts(given)) return given;
    throw new Error(`PIPEWRIGHT_CHROMIUM is ${given}, which cannot be started.`);
  }
  const directories = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/bin',
    '/usr/local/bin',
    '/snap/bin',
  ];
  const paths = directories.flatMap((directory) => names.map((name) => join(directory, name)));
  return [...paths, ...macPaths].find((path) => existsSync(path) && starts(path)) ?? null;
}

/** Some systems ship a script of that name which only tells how to install a snap. */
function starts(path) {
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}

async function aptInstall() {
  const asRoot = process.getuid?.() === 0;
  if (!works('apt-get', ['--version'])) throw new Error(`There is no Chromium and no apt-get. ${advice}`);
  if (!asRoot && !works('sudo', ['-n', 'true'])) {
    throw new Error(`There is no Chromium, and this account may not install it. ${advice}`);
  }
  const apt = (args) => {
    const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return asRoot ? run('env', command.slice(1)) : run('sudo', ['-n', ...command]);
  };
  await apt(['update']);
  const code = await apt(['install', '-y', '--no-install-recommends', 'chromium']);
  if (code !== 0) throw new Error(`apt-get install chromium failed (exit ${code}). ${advice}`);
}

function works(program, args) {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 30_000 }).status === 0;
}
