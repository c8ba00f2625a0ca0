import { AppError } from '#domain/problem.ts';
import { callerNetwork } from '#server/features/caller-network.ts';
import type { Viewer } from '#server/features/handler.ts';
import { Buckets } from '#server/features/token-bucket.ts';

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
    stranger: (address) => refuse(addresses.take(callerNetwork(address)), perAddress, 'your address'),
  };
}

function refuse(waitSeconds: number, perMinute: number, whose: string): void {
  if (waitSeconds === 0) return;
  const allowed = perMinute.toLocaleString('en-US');
  throw new AppError('too_many', `Too many requests from ${whose}: ${allowed} a minute are allowed.`, {
    retryAfterSeconds: waitSeconds,
  });
}
