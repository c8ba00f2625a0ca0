import { expect, test } from 'vitest';
import { intervalWords, whenWords } from './timing-words.ts';

test.each([
  [1, 'Every second'],
  [90, 'Every 90 seconds'],
  [300, 'Every 5 minutes'],
  [3600, 'Every hour'],
  [5400, 'Every 90 minutes'],
  [86_400, 'Every day'],
  [1_209_600, 'Every 14 days'],
])('%i seconds is “%s”', (seconds, words) => {
  expect(intervalWords(seconds)).toBe(words);
});

test('a pattern is said with its zone, and stands for itself where words fail', () => {
  const zone = { interval_seconds: 60, timezone: 'Europe/Berlin' };
  expect(whenWords({ ...zone, cron: '0 7 * * *' })).toEqual({
    words: 'Every day at 07:00',
    detail: '0 7 * * * · Europe/Berlin',
  });
  expect(whenWords({ ...zone, cron: '0 0 13 * 5' })).toEqual({
    words: '0 0 13 * 5',
    detail: 'Europe/Berlin',
  });
  expect(whenWords({ ...zone, cron: null })).toEqual({ words: 'Every minute', detail: '' });
});
