import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DueSchedule, type FirePlan, type Load, MAX_CATCH_UP, planFires } from './fire-plan.ts';
import { fireAfter } from './fire-time.ts';

const now = Date.UTC(2026, 0, 5, 12);
const minute = 60_000;
const schedule: DueSchedule = {
  id: 'a',
  timing: {
    intervalSeconds: 60,
    cron: null,
    timezone: 'UTC',
    startAt: null,
    endAt: null,
    jitterSeconds: 0,
  },
  misfirePolicy: 'once',
  overlapPolicy: 'skip',
  totalRepeats: 0,
  currentRepeat: 0,
  nextFireAt: now,
};
const idle: Load = { running: 0, queued: 0, isWorkflowActive: true };
const count = (plan: FirePlan, outcome: string): number =>
  plan.fires.filter((fire) => fire.outcome === outcome).length;

it('makes the fire that is due and arms the next', () => {
  expect(planFires(schedule, now + 5, idle)).toEqual({
    fires: [{ fireAt: now, untilAt: null, outcome: 'start', repeat: 1, reason: '' }],
    nextFireAt: now + minute,
    nextDueAt: now + minute,
    currentRepeat: 1,
    isDone: false,
  });
  expect(planFires(schedule, now - 1, idle).fires).toEqual([]);
});

describe('ten minutes without anybody', () => {
  const missed = { ...schedule, nextFireAt: now - 10 * minute - 30_000 };

  it.each([
    ['skip', 0],
    ['once', 1],
    ['all', 11],
  ] as const)('%s makes up for %i fires and records the others', (misfirePolicy, made) => {
    const plan = planFires({ ...missed, misfirePolicy, overlapPolicy: 'allow' }, now, idle);
    expect(count(plan, 'start')).toBe(made);
    expect(count(plan, 'misfired')).toBe(11 - made);
    expect(plan.nextFireAt).toBe(now + 30_000);
  });

  it('once makes up for the newest, or for none when a fire is due just now', () => {
    const plan = planFires(missed, now, idle);
    expect(plan.fires.at(-1)).toMatchObject({ fireAt: now - 30_000, outcome: 'start' });
    const onTime = planFires({ ...missed, nextFireAt: now - 10 * minute }, now + 10, idle);
    expect(onTime.fires.map(({ outcome }) => outcome)).toEqual([...Array(10).fill('misfired'), 'start']);
  });

  it('all lets them run one after the other unless they may overlap', () => {
    const plan = planFires({ ...missed, misfirePolicy: 'all' }, now, idle);
    expect(plan.fires.map(({ outcome }) => outcome)).toEqual(['start', ...Array(10).fill('queued')]);
  });
});

it('makes up for at most a hundred fires, and for none of more than an hour ago', () => {
  const seconds = {
    ...schedule,
    timing: { ...schedule.timing, intervalSeconds: 5 },
    nextFireAt: now - 7.2e6,
  };
  const plan = planFires({ ...seconds, misfirePolicy: 'all', overlapPolicy: 'allow' }, now, idle);
  expect(count(plan, 'start')).toBe(MAX_CATCH_UP + 2);
  const old = {
    ...schedule,
    timing: { ...schedule.timing, intervalSeconds: 86_400 },
    nextFireAt: now - 3.7e6,
  };
  expect(planFires(old, now, idle).fires).toEqual([
    expect.objectContaining({ outcome: 'misfired', reason: 'It was due more than an hour ago.' }),
  ]);
});

describe('an earlier run that has not ended', () => {
  const busy = { ...idle, running: 1 };
  it('skips the fire, with the same counters', () => {
    expect(planFires(schedule, now, busy)).toMatchObject({
      fires: [{ outcome: 'skipped_overlap', repeat: null }],
      currentRepeat: 0,
      nextFireAt: now + minute,
    });
  });
  it('queues it, up to a hundred', () => {
    const queueing = { ...schedule, overlapPolicy: 'queue' as const };
    expect(planFires(queueing, now, busy).fires).toMatchObject([{ outcome: 'queued', repeat: 1 }]);
    expect(planFires(queueing, now, { ...busy, queued: 100 }).fires).toMatchObject([
      { outcome: 'skipped_overlap', reason: expect.stringContaining('100') },
    ]);
  });
  it('runs beside it', () => {
    expect(planFires({ ...schedule, overlapPolicy: 'allow' }, now, busy).fires).toMatchObject([
      { outcome: 'start' },
    ]);
  });
});

it('fires the last repetition and is done only when its run has ended', () => {
  const last = { ...schedule, totalRepeats: 3, currentRepeat: 2 };
  expect(planFires(last, now, idle)).toMatchObject({
    fires: [{ outcome: 'start', repeat: 3 }],
    nextFireAt: null,
    isDone: false,
  });
  expect(planFires({ ...last, currentRepeat: 3 }, now, idle)).toMatchObject({ fires: [], isDone: true });
});

it('records what a switched-off workflow leaves out', () => {
  const plan = planFires(schedule, now, { ...idle, isWorkflowActive: false });
  expect(plan).toMatchObject({ fires: [{ outcome: 'skipped_inactive' }], nextFireAt: now + minute });
});

const schedules = fc.record({
  id: fc.uuid(),
  timing: fc.record({
    intervalSeconds: fc.integer({ min: 5, max: 5000 }),
    cron: fc.constantFrom(null, null, '*/5 * * * *', '0 * * * *'),
    timezone: fc.constantFrom('UTC', 'Europe/Berlin'),
    startAt: fc.constant(null),
    endAt: fc.constantFrom(null, now - 600_000, now + 600_000),
    jitterSeconds: fc.constantFrom(0, 20),
  }),
  misfirePolicy: fc.constantFrom('skip', 'once', 'all'),
  overlapPolicy: fc.constantFrom('skip', 'queue', 'allow'),
  totalRepeats: fc.constantFrom(0, 0, 7),
  currentRepeat: fc.integer({ min: 0, max: 7 }),
  nextFireAt: fc.integer({ min: 0, max: 6000 }).map((seconds) => now - seconds * 1000),
});
const loads = fc.record({
  running: fc.integer({ min: 0, max: 2 }),
  queued: fc.integer({ min: 0, max: 101 }),
  isWorkflowActive: fc.boolean(),
});

it('accounts for every due fire exactly once, in order, and starts no two where runs may not overlap', () => {
  fc.assert(
    fc.property(schedules, loads, (one, load) => {
      const plan = planFires(one, now, load);
      const times = plan.fires.map(({ fireAt }) => fireAt);
      expect(new Set(times).size).toBe(times.length);
      expect([...times].sort((a, b) => a - b)).toEqual(times);
      const ended = one.totalRepeats > 0 && plan.currentRepeat >= one.totalRepeats;
      for (const [index, fire] of plan.fires.entries()) {
        const following = plan.fires[index + 1]?.fireAt ?? plan.nextFireAt;
        if (fire.untilAt === null && following !== null) {
          expect(fireAfter(one.timing, fire.fireAt)).toBe(following);
        }
      }
      if (plan.nextDueAt !== null) expect(plan.nextDueAt).toBeGreaterThan(now);
      if (ended) expect(plan.nextFireAt).toBeNull();
      const starts = count(plan, 'start');
      if (one.overlapPolicy !== 'allow') {
        expect(starts).toBeLessThanOrEqual(load.running + load.queued === 0 ? 1 : 0);
      }
      if (!load.isWorkflowActive) expect(starts + count(plan, 'queued')).toBe(0);
      const runs = plan.fires.filter((fire) => fire.repeat !== null);
      expect(plan.currentRepeat).toBe(one.currentRepeat + runs.length);
    }),
    { numRuns: 500 },
  );
});
