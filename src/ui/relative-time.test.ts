import { describe, expect, it } from 'vitest';
import { formatRelative } from './relative-time.tsx';

const now = new Date(2025, 5, 15, 12).getTime();

describe('formatRelative', () => {
  it.each([
    [-3_000, 'just now'],
    [3_000, 'in a moment'],
    [-42_000, '42s ago'],
    [-5 * 60_000, '5m ago'],
    [3 * 3_600_000, 'in 3h'],
    [-2 * 86_400_000, '2d ago'],
    [-10 * 86_400_000, 'Jun 5'],
    [-400 * 86_400_000, 'May 11, 2024'],
  ])('%d ms away is "%s"', (distance, text) => {
    expect(formatRelative(now + distance, now)).toBe(text);
  });
});
