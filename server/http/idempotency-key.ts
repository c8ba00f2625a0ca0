import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const LONGEST = 200;

/** The caller's `Idempotency-Key`, or null. A very long one is stored as its hash. */
export function idempotencyKeyOf({ headers }: IncomingMessage): string | null {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') return null;
  return key.length <= LONGEST ? key : createHash('sha256').update(key).digest('hex');
}
