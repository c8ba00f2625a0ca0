import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2031-01-02T03:04:05Z');

test.each([
  [undefined, null],
  ['', null],
  ['soon', null],
  ['0', 0],
  ['1.5', 1_500],
  ['120', 120_000],
  ['-3', 0],
  ['Thu, 02 Jan 2031 03:04:15 GMT', 10_000],
  ['Thu, 02 Jan 2031 03:04:00 GMT', 0],
])('%j is %j ms', (header, ms) => expect(retryAfterMs(header, NOW)).toBe(ms));
