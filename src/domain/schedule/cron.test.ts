import { describe, expect, it } from 'vitest';
import { cronAfter, cronProblem, timezoneProblem } from './cron.ts';

const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

function fires(pattern: string, timezone: string, from: string, count: number): string[] {
  const found: string[] = [];
  let at: number | null = Date.parse(from);
  while (found.length < count) {
    at = cronAfter(pattern, timezone, at);
    if (at === null) break;
    found.push(new Date(at).toISOString().slice(5, 16));
  }
  return found;
}

describe('daylight saving', () => {
  it('fires a time that is skipped right after the gap', () => {
    expect(fires('30 2 * * *', 'Europe/Berlin', '2026-03-27T12:00Z', 3)).toEqual([
      '03-28T01:30',
      '03-29T01:00',
      '03-30T00:30',
    ]);
  });

  it('fires a time that comes twice only once', () => {
    expect(fires('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 2)).toEqual([
      '10-25T00:30',
      '10-26T01:30',
    ]);
    expect(fires('30 2,14 * * *', 'Europe/Berlin', '2026-10-24T23:00Z', 2)).toEqual([
      '10-25T00:30',
      '10-25T13:30',
    ]);
  });

  it('keeps a pattern with a wildcard on real time', () => {
    expect(fires('*/30 * * * *', 'Europe/Berlin', '2026-10-24T23:45Z', 5)).toEqual([
      '10-25T00:00',
      '10-25T00:30',
      '10-25T01:00',
      '10-25T01:30',
      '10-25T02:00',
    ]);
    expect(fires('*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:15Z', 3)).toEqual([
      '03-29T00:30',
      '03-29T01:00',
      '03-29T01:30',
    ]);
  });

  it('moves a midnight that does not exist to the first minute that does', () => {
    expect(fires('0 0 * * *', 'America/Sao_Paulo', '2018-11-03T12:00Z', 2)).toEqual([
      '11-04T03:00',
      '11-05T02:00',
    ]);
  });
});

describe('cronAfter', () => {
  it('never gives the time it was asked for', () => {
    const nine = Date.UTC(2026, 0, 5, 9);
    expect(iso(cronAfter('0 9 * * *', 'UTC', nine))).toBe('2026-01-06T09:00:00.000Z');
    expect(iso(cronAfter('0 9 * * *', 'UTC', nine - 1))).toBe('2026-01-05T09:00:00.000Z');
    expect(iso(cronAfter('0 9 * * *', 'UTC', nine + 1))).toBe('2026-01-06T09:00:00.000Z');
  });

  it('reads names, ranges, the last day and nicknames', () => {
    const from = Date.UTC(2026, 1, 1);
    expect(iso(cronAfter('30 9 * * MON-FRI', 'UTC', from))).toBe('2026-02-02T09:30:00.000Z');
    expect(iso(cronAfter('0 0 L * *', 'UTC', from))).toBe('2026-02-28T00:00:00.000Z');
    expect(iso(cronAfter('@monthly', 'UTC', from))).toBe('2026-03-01T00:00:00.000Z');
    expect(iso(cronAfter('15 0 3 * * *', 'UTC', from))).toBe('2026-02-01T03:00:15.000Z');
  });
});

describe('cronProblem', () => {
  it.each(['* * * * *', '0 9 * * 1-5', '@hourly', '0 0 29 2 *', '30 0 9 * * *'])('takes %s', (pattern) => {
    expect(cronProblem(pattern, 'Europe/Berlin')).toBeNull();
  });

  it.each([
    ['* * * * * *', 'more than once a minute'],
    ['*/20 * * * * *', 'more than once a minute'],
    ['0,30 * * * * *', 'more than once a minute'],
    ['0 0 30 2 *', 'never fires'],
    ['61 * * * *', 'minute'],
    ['* * * *', 'has 4 fields'],
    ['', 'has 0 fields'],
    ['2026-12-12T00:00:00', 'has 1 fields'],
    ['? * * * *', 'no fixed meaning'],
    ['@reboot', 'no cron pattern'],
    ['a b c d e', 'no cron pattern'],
    [`0 9 * * ${'1,'.repeat(200)}1`, 'at most 200'],
  ])('refuses “%s”', (pattern, why) => {
    expect(cronProblem(pattern, 'UTC')).toContain(why);
  });
});

it('knows time zones by their IANA names', () => {
  expect(timezoneProblem('Asia/Kathmandu')).toBeNull();
  expect(timezoneProblem('UTC')).toBeNull();
  for (const bad of ['Mars/Olympus', '', '+02:00', 'Berlin'])
    expect(timezoneProblem(bad)).toContain('no time zone');
});
