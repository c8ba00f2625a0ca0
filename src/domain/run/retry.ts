import type { RetryPolicy } from '../graph/graph.ts';

interface FailedAttempt {
  readonly policy: RetryPolicy | null;
  /** The attempt that has just failed, from 1. */
  readonly attempt: number;
  readonly permanent: boolean;
  /** Of the error. */
  readonly code: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
}

/** When to try again, in milliseconds since the epoch; null when this failure is final. */
export function retryTime({ policy, attempt, permanent, code, now, random }: FailedAttempt): number | null {
  if (!policy || attempt >= policy.maxAttempts || policy.noRetryOn.includes(code)) return null;
  // Whoever names an error wants it tried again, even one that is thought to stay.
  const isNamed = policy.retryOn.includes(code);
  if (!isNamed && (permanent || policy.retryOn.length > 0)) return null;
  const backoff = Math.min(policy.maxMs, policy.initialMs * policy.factor ** (attempt - 1));
  const spread = 1 + policy.jitter * (2 * random - 1);
  return now + Math.round(backoff * spread);
}
