import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modules, projectNode, root, say, toolEnvironment } from './place.mjs';
import { run } from './run.mjs';

const sources = ['src', 'public', 'next.config.mjs', '.postcssrc.json', 'package.json', 'package-lock.json'];
const stamp = join(root, '.next', 'pipewright-sources');

/** Builds the screens unless the last complete build was made from exactly these sources. */
export async function ensureBuilt() {
  const wanted = await hashOfSources();
  const built = await readFile(stamp, 'utf8').catch(() => '');
  if (built === wanted) return;
  say('building the screens (only when their sources changed)');
  // A build that is cut off must not pass for a complete one.
  await rm(stamp, { force: true });
  const next = join(modules, 'next', 'dist', 'bin', 'next');
  const code = await run(projectNode, [next, 'build'], { env: toolEnvironment({ NODE_ENV: 'production' }) });
  if (code !== 0) throw new Error(`next build failed (exit ${code}). The lines above say why.`);
  await writeFile(stamp, wanted);
}

async function hashOfSources() {
  const files = [];
  for (const source of sources) files.push(...(await filesBelow(source)));
  const hash = createHash('sha256');
  for (const file of files.toSorted((a, b) => (a < b ? -1 : 1))) {
    hash
      .update(`${file}\0`)
      .update(await readFile(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Paths relative to the checkout; tests never reach a build. */
async function filesBelow(path) {
  try {
    const entries = await readdir(join(root, path), { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
