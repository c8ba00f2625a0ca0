import type { RetryPolicy } from '../graph/graph.ts';

interface FailedAttempt {
  readonly policy: RetryPolicy | null;
  /** The attempt that has just failed, from 1. */
  readonly attempt: number;
  readonly permanent: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
}

/** When to try again, in milliseconds since the epoch; null when this failure is final. */
export function retryTime({ policy, attempt, permanent, now, random }: FailedAttempt): number | null {
  if (!policy || permanent || attempt >= policy.maxAttempts) return null;
  const backoff = Math.min(policy.maxMs, policy.initialMs * policy.factor ** (attempt - 1));
  const spread = 1 + policy.jitter * (2 * random - 1);
  return now + Math.round(backoff * spread);
}
