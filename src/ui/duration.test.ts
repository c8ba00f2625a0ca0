import { describe, expect, it } from 'vitest';
import { formatDuration } from './duration.tsx';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [840, '840 ms'],
    [3210, '3.2 s'],
    [9960, '10 s'],
    [59_600, '1 m'],
    [252_000, '4 m 12 s'],
    [7_500_000, '2 h 5 m'],
    [274_000_000, '3 d 4 h'],
    [-1, '–'],
  ])('%d ms is "%s"', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
