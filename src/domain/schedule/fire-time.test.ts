import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueTime, fireAfter, fireFrom, firstFire, MAX_PASSED, passOver, upcoming } from './fire-time.ts';
import type { Timing } from './timing.ts';

const base: Timing = {
  intervalSeconds: 60,
  cron: null,
  timezone: 'UTC',
  startAt: null,
  endAt: null,
  jitterSeconds: 0,
};
const now = Date.UTC(2026, 0, 5, 12);
const minute = 60_000;

const timings: fc.Arbitrary<Timing> = fc.record({
  intervalSeconds: fc.integer({ min: 1, max: 100_000 }),
  cron: fc.constantFrom(null, null, '*/7 * * * *', '0 9 * * 1-5', '30 2 * * *'),
  timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
  startAt: fc.constant(null),
  endAt: fc.constantFrom(null, now + 400 * minute),
  jitterSeconds: fc.constantFrom(0, 1, 30, 86_400),
});

describe('the first fire', () => {
  it('comes one interval after the schedule was made', () => {
    expect(firstFire(base, now)).toBe(now + minute);
  });
  it('comes when the schedule begins', () => {
    expect(firstFire({ ...base, startAt: now + 10 }, now)).toBe(now + 10);
    expect(firstFire({ ...base, startAt: now - 10 }, now)).toBe(now + minute);
    const nine = Date.UTC(2026, 1, 2, 9);
    expect(firstFire({ ...base, cron: '0 9 * * *', startAt: nine }, now)).toBe(nine);
  });
  it('never comes when the schedule is over by then', () => {
    expect(firstFire({ ...base, endAt: now + minute - 1 }, now)).toBeNull();
    expect(firstFire({ ...base, endAt: now + minute }, now)).toBe(now + minute);
  });
});

it('keeps an interval on its beat, however late it is asked', () => {
  expect(fireFrom(base, now, now + 5 * minute + 1)).toBe(now + 6 * minute);
  expect(fireFrom(base, now, now + 5 * minute)).toBe(now + 5 * minute);
  expect(fireAfter(base, now)).toBe(now + minute);
});

describe('jitter', () => {
  it('is the same for the same fire, differs between schedules and never reaches the next fire', () => {
    fc.assert(
      fc.property(timings, fc.uuid(), fc.integer({ min: 0, max: 10_000 }), (timing, id, offset) => {
        const fire = fireFrom({ ...timing, endAt: null }, now, now + offset * minute);
        if (fire === null) return;
        const due = dueTime(id, timing, fire);
        expect(due).toBe(dueTime(id, timing, fire));
        expect(due).toBeGreaterThanOrEqual(fire);
        expect(due - fire).toBeLessThanOrEqual(timing.jitterSeconds * 1000);
        const next = fireAfter(timing, fire);
        if (next !== null) expect(due).toBeLessThan(next);
      }),
    );
    const timing = { ...base, jitterSeconds: 30 };
    const spread = new Set(Array.from({ length: 20 }, (_, n) => dueTime(`schedule ${n}`, timing, now)));
    expect(spread.size).toBeGreaterThan(15);
  });
});

it('passes over exactly the fires before a time', () => {
  fc.assert(
    fc.property(timings, fc.integer({ min: 0, max: 50_000 }), (timing, seconds) => {
      const first = firstFire(timing, now);
      if (first === null) return;
      const time = now + seconds * 1000;
      const { passed, next } = passOver(timing, first, time);
      expect(passed.length).toBeLessThanOrEqual(MAX_PASSED);
      const last = passed.at(-1);
      if (next !== null) expect(next).toBeGreaterThanOrEqual(time);
      if (last) expect(last.untilAt ?? last.fireAt).toBeLessThan(time);
      if (last && last.untilAt === null) expect(fireAfter(timing, last.fireAt)).toBe(next);
      else if (!last) expect(next).toBe(first);
      expect(next).toBe(fireFrom(timing, first, time));
    }),
  );
});

it('tells a year of missed seconds in a bounded list', () => {
  const year = 365 * 24 * 60 * minute;
  const { passed, next } = passOver({ ...base, intervalSeconds: 1 }, now, now + year);
  expect(passed).toHaveLength(MAX_PASSED);
  expect(passed.at(-1)).toEqual({ fireAt: now + (MAX_PASSED - 1) * 1000, untilAt: now + year - 1 });
  expect(next).toBe(now + year);
});

it('lists the fires to come until the schedule ends', () => {
  const timing = { ...base, endAt: now + 3 * minute };
  const fires = upcoming('a', timing, { fireAt: now + minute, count: 5 });
  expect(fires.map(({ fireAt }) => fireAt)).toEqual([now + minute, now + 2 * minute, now + 3 * minute]);
  expect(upcoming('a', timing, { fireAt: null, count: 5 })).toEqual([]);
});
