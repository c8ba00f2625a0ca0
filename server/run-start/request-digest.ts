import { createHash } from 'node:crypto';

/**
 * What an `Idempotency-Key` stands for: all that was asked with it, whatever the order of its keys. The same key with
 * another digest is refused, by the engine and by whoever looks for the earlier run first.
 */
export function requestDigest(request: unknown): string {
  return createHash('sha256').update(canonicalText(request)).digest('base64url');
}

function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (one === null || typeof one !== 'object' || Array.isArray(one)) return one;
    return Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
