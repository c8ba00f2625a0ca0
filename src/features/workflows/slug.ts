const MAX = 60;

/** The part of the address made from a name: lower-case letters, digits and single hyphens. */
export function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX)
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'workflow' : plain;
}

/** What is wrong with a slug a person typed, or null. */
export function slugFault(slug: string): string | null {
  if (slug === '') return 'Give the workflow an address.';
  if (!/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/.test(slug))
    return 'Use lower-case letters, digits and single hyphens.';
  return null;
}
