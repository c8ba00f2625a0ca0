import { AppError } from '#domain/problem.ts';
import type { Viewer } from '#server/features/handler.ts';

export interface RateLimitOptions {
  /** Requests a minute of one API key or browser session; 0: as many as come. */
  readonly perCredential: number;
  /** Requests a minute without a good credential from one address; 0: as many as come. */
  readonly perAddress: number;
}

/**
 * Counts requests. Counts are kept by each process for itself, in memory: with several servers behind one address a
 * caller gets the limit of each of them, and a restart forgets.
 */
export interface RateLimits {
  /** @throws AppError `too_many` */
  signedIn(credential: Viewer['credential']): void;
  /** @throws AppError `too_many` */
  stranger(address: string): void;
}

export function createRateLimits({ perCredential, perAddress }: RateLimitOptions): RateLimits {
  const credentials = new Buckets(perCredential);
  const addresses = new Buckets(perAddress);
  return {
    signedIn: ({ kind, id }) =>
      refuse(credentials.take(`${kind} ${id}`), perCredential, 'this key or session'),
    stranger: (address) => refuse(addresses.take(address), perAddress, 'your address'),
  };
}

function refuse(waitSeconds: number, perMinute: number, whose: string): void {
  if (waitSeconds === 0) return;
  const allowed = perMinute.toLocaleString('en-US');
  throw new AppError('too_many', `Too many requests from ${whose}: ${allowed} a minute are allowed.`, {
    retryAfterSeconds: waitSeconds,
  });
}

interface Bucket {
  left: number;
  /** `performance.now()` of the last take. */
  at: number;
}

const MAX_BUCKETS = 50_000;

/** Token buckets by name: a full minute's worth at once, refilled evenly. The longest unused ones are forgotten. */
export class Buckets {
  readonly #perMinute: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** @returns 0 when one more is allowed, else the whole seconds until it is. */
  take(name: string, perMinute = this.#perMinute, now = performance.now()): number {
    if (perMinute === 0) return 0;
    const bucket = this.#buckets.get(name) ?? { left: perMinute, at: now };
    const perMs = perMinute / 60_000;
    bucket.left = Math.min(perMinute, bucket.left + (now - bucket.at) * perMs);
    bucket.at = now;
    this.#keep(name, bucket);
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perMs / 1000));
    bucket.left -= 1;
    return 0;
  }

  #keep(name: string, bucket: Bucket): void {
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    if (this.#buckets.size <= MAX_BUCKETS) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
