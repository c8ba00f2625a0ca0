import { expect, test } from 'vitest';
import { Buckets } from './token-bucket.ts';

test('a minute’s worth at once, then evenly, and the wait is told', () => {
  const buckets = new Buckets(60);
  const takes = (count: number, now: number) =>
    Array.from({ length: count }, () => buckets.take('a', 60, now)).filter((wait) => wait === 0).length;
  expect(takes(100, 0)).toBe(60);
  expect(buckets.take('a', 60, 0)).toBe(1);
  expect(buckets.take('b', 60, 0)).toBe(0);
  expect(takes(100, 10_000)).toBe(10);
  expect(takes(100, 1_000_000)).toBe(60);
  expect(buckets.take('slow', 1, 0)).toBe(0);
  expect(buckets.take('slow', 1, 0)).toBe(60);
  expect(buckets.take('any', 0, 0)).toBe(0);
});

test('a flood of names does not fill the memory', () => {
  const buckets = new Buckets(1);
  for (let n = 0; n < 60_000; n += 1) buckets.take(`name ${n}`, 1, 0);
  expect(buckets.take('name 59999', 1, 0)).toBeGreaterThan(0);
  // Forgotten, so it starts afresh.
  expect(buckets.take('name 0', 1, 0)).toBe(0);
});
