import { AppError } from '#domain/problem.ts';
import type { Store } from './row.ts';

/** Path segments below /workflows that are not slugs. */
const RESERVED = new Set(['node-types', 'validate-dsl', 'from-dsl', 'batch-delete', 'import', 'host-types']);

/** @throws AppError `invalid` for a slug that could not be addressed. */
export function checkSlug(slug: string): string {
  const trimmed = slug.trim();
  if (trimmed === '' || trimmed === '.' || trimmed === '..' || trimmed.includes('/')) {
    const msg = 'A slug must not be empty or contain “/”.';
    throw new AppError('invalid', [{ type: 'value_error', loc: ['body', 'slug'], msg, input: slug }]);
  }
  return trimmed;
}

/** A readable slug for a name: lower case, words joined by `-`. */
export function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return words.slice(0, 60) || 'workflow';
}

/** The first of `slug`, `slug-1`, `slug-2`, … that no workflow of anybody has. */
export async function freeSlug(db: Store, slug: string): Promise<string> {
  const like = `${slug.replaceAll(/[\\%_]/g, '\\$&')}-%`;
  const rows = await db
    .selectFrom('workflows')
    .select('slug')
    .where((eb) => eb.or([eb('slug', '=', slug), eb('slug', 'like', like)]))
    .execute();
  const taken = new Set(rows.map((row) => row.slug));
  if (!taken.has(slug) && !RESERVED.has(slug)) return slug;
  let n = 1;
  while (taken.has(`${slug}-${n}`)) n += 1;
  return `${slug}-${n}`;
}

export const isReserved = (slug: string): boolean => RESERVED.has(slug);
