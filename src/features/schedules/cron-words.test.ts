import { expect, test } from 'vitest';
import { cronWords } from './cron-words.ts';

test.each([
  ['* * * * *', 'Every minute'],
  ['*/15 * * * *', 'Every 15 minutes'],
  ['0 * * * *', 'Every hour'],
  ['5,35 * * * *', 'Every hour at :05 and :35'],
  ['0 */6 * * *', 'Every 6 hours'],
  ['0 7 * * *', 'Every day at 07:00'],
  ['0 9,17 * * *', 'Every day at 09:00 and 17:00'],
  ['30 9 * * 1-5', 'Monday to Friday at 09:30'],
  ['30 9 * * mon,thu', 'Monday and Thursday at 09:30'],
  ['0 0 * * 7', 'Sunday at 00:00'],
  ['*/5 * * * 1-5', 'Monday to Friday, every 5 minutes'],
  ['0 6 1 * *', 'On day 1 of the month at 06:00'],
  ['0 6 1,15 1,7 *', 'On day 1 and 15 of January and July at 06:00'],
  ['0 6 L * *', 'On the last day of the month at 06:00'],
  ['0 6 * 12 *', 'Every day in December at 06:00'],
  ['0 30 9 * * *', 'Every day at 09:30'],
  ['@daily', 'Every day at 00:00'],
])('%s is “%s”', (pattern, words) => {
  expect(cronWords(pattern)).toBe(words);
});

test.each(['*/7 * * * *', '0 0 13 * 5', '1-20 4 * * *', '0 0 * * 1#2', '', 'nonsense', '0 99 * * *'])(
  '“%s” stays as it is',
  (pattern) => {
    expect(cronWords(pattern)).toBeNull();
  },
);
