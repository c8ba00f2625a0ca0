import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { PACK_FILE, type PackFile, type SkillPack } from '#domain/agent/skill-pack.ts';
import { StepError } from '#domain/node/executor.ts';
import { packHead } from './pack-head.ts';

/** Packs of instructions below one folder of the operator's; nothing outside of it can be reached. */
export interface SkillFolder {
  /**
   * The packs in a folder and the folders in it, by name.
   * @param path below the folder of all packs; empty: that folder itself
   * @throws StepError `skill_folder_missing`, `skill_folder_empty`, `skill_too_large`, permanent
   */
  packs(path: string): Promise<readonly SkillPack[]>;
  /** @throws StepError `skill_file_missing`, `skill_too_large` */
  text(file: PackFile): Promise<string>;
}

const MAX_PACKS = 200;
/** Folders in folders that are looked through. */
const MAX_DEPTH = 3;
const MAX_FOLDERS = 2_000;
const MAX_BYTES = 200_000;

/** @param root may be missing: then there are no packs */
export function createSkillFolder(root: string): SkillFolder {
  const inside = async (path: string): Promise<string | null> => {
    if (path.includes('\0')) return null;
    try {
      const [base, real] = await Promise.all([realpath(root), realpath(resolve(root, path))]);
      return real === base || real.startsWith(base + sep) ? real : null;
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  };
  const text = async (path: string): Promise<string | null> => {
    const real = await inside(path);
    return real === null ? null : readBounded(real, path);
  };
  const packAt = async (path: string): Promise<SkillPack | null> => {
    const found = await text(join(path, PACK_FILE));
    if (found === null) return null;
    const { name, description } = packHead(found);
    return { path, name: name || basename(resolve(root, path)), description };
  };
  const packsIn = async (path: string, look: Look): Promise<SkillPack[]> => {
    const own = await packAt(path);
    if (own) return [own];
    const found: SkillPack[] = [];
    if (look.depth >= MAX_DEPTH) return found;
    for (const name of await foldersIn(resolve(root, path))) {
      look.budget.folders -= 1;
      if (look.budget.folders < 0) break;
      found.push(...(await packsIn(join(path, name), { ...look, depth: look.depth + 1 })));
    }
    return found;
  };
  return {
    packs: async (path) => {
      const real = await inside(path);
      if (real === null) throw missing(path);
      const own = relative(await realpath(root), real);
      const found = await packsIn(own, { depth: 0, budget: { folders: MAX_FOLDERS } }).catch(rethrown(path));
      if (found.length === 0) throw empty(path);
      return found.slice(0, MAX_PACKS);
    },
    text: async ({ path, file }) => {
      const pack = await inside(path);
      const wanted = await inside(join(path, file));
      const found = pack !== null && wanted?.startsWith(pack + sep) ? await readBounded(wanted, file) : null;
      if (found === null) throw noFile(file);
      return found;
    },
  };
}

interface Look {
  readonly depth: number;
  readonly budget: { folders: number };
}

/** Links are not followed, so that nothing is looked through twice. */
async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

/** @returns null for what is no plain file of text, or closed to us. @throws StepError `skill_too_large` */
async function readBounded(real: string, shown: string): Promise<string | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(real, flags).catch((error: unknown) => {
    if (isAbsent(error)) return null;
    throw error;
  });
  if (file === null) return null;
  try {
    if (!(await file.stat()).isFile()) return null;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES + 1), 0, MAX_BYTES + 1, 0);
    if (bytesRead > MAX_BYTES) throw tooLarge(shown);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return text.includes('\0') ? null : text;
  } finally {
    await file.close();
  }
}

const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG'].includes(
    String((error as { code?: unknown }).code),
  );

/** What disappears or is closed to us while it is looked through counts as missing. */
const rethrown =
  (path: string) =>
  (error: unknown): never => {
    throw isAbsent(error) ? missing(path) : error;
  };

const permanent = { permanent: true } as const;
const folder = (path: string): string => (path === '' ? 'The folder of skills' : `The folder “${path}”`);

const missing = (path: string): StepError =>
  new StepError(
    'skill_folder_missing',
    `${folder(path)} is not there, or not within the folder that the operator keeps skills in (PIPEWRIGHT_SKILLS). Correct “Folder”, or write the skill as text.`,
    permanent,
  );

const empty = (path: string): StepError =>
  new StepError(
    'skill_folder_empty',
    `${folder(path)} has no skills: no folder in it holds a ${PACK_FILE}. Put one there, or choose another folder.`,
    permanent,
  );

const tooLarge = (path: string): StepError =>
  new StepError('skill_too_large', `“${path}” has more than ${MAX_BYTES / 1000} kB. Split it.`, permanent);

const noFile = (file: string): StepError =>
  new StepError('skill_file_missing', `The skill has no file “${file}”, or it is no text.`, permanent);
