import { lstat, mkdir, readdir, realpath, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** What every label begins with; the first part of it is no folder of the host. */
export const LABEL_ROOT = 'workspaces/';

const PART = /^[\p{L}\p{N}_. -]{1,100}$/u;

/**
 * The label in its one form, or null where it does not stay below the root: no climbing, no empty or hidden parts,
 * nothing that looks like a path of the host.
 */
export function labelOf(path: string): string | null {
  if (!path.startsWith(LABEL_ROOT)) return null;
  const parts = path.slice(LABEL_ROOT.length).replace(/\/$/, '').split('/');
  const isSound = parts.every((part) => PART.test(part) && part.trim() === part && !part.startsWith('.'));
  return isSound ? LABEL_ROOT + parts.join('/') : null;
}

/** The label a name gets when none is wished for. */
export function labelFor(name: string): string {
  const part = name
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${LABEL_ROOT}${part || 'workspace'}`;
}

/** Whose folder: nobody's label reaches into another's, and no folder lies within another. */
export interface FolderPlace {
  readonly dataDir: string;
  readonly ownerId: number;
  readonly uid: string;
}

const ownersFolder = ({ dataDir, ownerId }: FolderPlace): string =>
  join(dataDir, 'workspaces', String(ownerId));

/**
 * Makes the folder, unless it is there, with its `.tmp`. A link in its place is removed, not followed.
 * @returns its real path
 */
export async function makeFolder(place: FolderPlace): Promise<string> {
  const parent = ownersFolder(place);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const folder = join(await realpath(parent), place.uid);
  const found = await lstat(folder).catch(() => null);
  if (found && !found.isDirectory()) await unlink(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, '.tmp');
  const link = await lstat(temporary).catch(() => null);
  if (link && !link.isDirectory()) await unlink(temporary);
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * Empties the folder. Links in it are removed, what they lead to is not touched.
 * @returns how many entries it had, `.tmp` aside
 */
export async function emptyFolder(place: FolderPlace): Promise<number> {
  const folder = await makeFolder(place);
  const entries = await readdir(folder);
  for (const entry of entries) {
    // Removing does not follow links, and a program may have taken its own right to do so away.
    await rm(join(folder, entry), { recursive: true, force: true, maxRetries: 3 });
  }
  await makeFolder(place);
  return entries.filter((entry) => entry !== '.tmp').length;
}
