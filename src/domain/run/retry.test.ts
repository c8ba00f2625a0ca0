import fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryTime } from './retry.ts';

const policy = {
  maxAttempts: 4,
  initialMs: 100,
  factor: 3,
  maxMs: 500,
  jitter: 0.2,
  retryOn: [],
  noRetryOn: [],
};
const after = (attempt: number, random: number, permanent = false) =>
  retryTime({ policy, attempt, permanent, code: 'broken', now: 1000, random });

it('grows by the factor up to the limit, and stops after the last attempt', () => {
  expect([1, 2, 3, 4].map((attempt) => after(attempt, 0.5))).toEqual([1100, 1300, 1500, null]);
});

it('never tries a permanent failure again, nor one without a policy', () => {
  expect(after(1, 0.5, true)).toBeNull();
  expect(retryTime({ policy: null, attempt: 1, permanent: false, code: 'x', now: 0, random: 0 })).toBeNull();
});

it('stays within its jitter', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
      const wait = (after(1, random) ?? 0) - 1000;
      expect(wait).toBeGreaterThanOrEqual(80);
      expect(wait).toBeLessThanOrEqual(120);
    }),
  );
});

it('tries again only what the lists allow, and what they name even if it is thought to stay', () => {
  const again = (lists: { retryOn?: string[]; noRetryOn?: string[] }, permanent = false) =>
    retryTime({
      policy: { ...policy, ...lists },
      attempt: 1,
      permanent,
      code: 'broken',
      now: 0,
      random: 0.5,
    });
  expect(again({ retryOn: ['broken'] })).toBe(100);
  expect(again({ retryOn: ['other'] })).toBeNull();
  expect(again({ noRetryOn: ['broken'], retryOn: ['broken'] })).toBeNull();
  expect(again({ retryOn: ['broken'] }, true)).toBe(100);
});
