import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';
import { type EndedFire, judgeRun, type Standing } from './run-result.ts';

const at = Date.UTC(2026, 0, 5, 12);
const minute = 60_000;
const schedule: Standing = {
  id: 'a',
  timing: {
    intervalSeconds: 60,
    cron: null,
    timezone: 'UTC',
    startAt: null,
    endAt: null,
    jitterSeconds: 0,
  },
  status: 'active',
  totalRepeats: 0,
  maxRetries: 3,
  currentRepeat: 5,
  currentRetry: 0,
  errorCount: 0,
  lastError: '',
  nextFireAt: at + minute,
};
const ended = (result: EndedFire['result'], more: Partial<EndedFire> = {}): EndedFire => ({
  fireAt: at,
  endedAt: at + 2000,
  result,
  error: result === 'failed' ? 'Boom.' : '',
  othersOpen: 0,
  ...more,
});

it('doubles the pause up to ten intervals', () => {
  expect([1, 2, 3, 4, 5, 6, 60].map((retry) => backoffMs(60, retry) / 1000)).toEqual([
    60, 120, 240, 480, 600, 600, 600,
  ]);
});

describe('a failed run', () => {
  it('counts as an error, gives its repetition back and keeps the beat', () => {
    expect(judgeRun(schedule, ended('failed'))).toEqual({
      status: 'active',
      currentRepeat: 4,
      currentRetry: 1,
      errorCount: 1,
      lastError: 'Boom.',
      nextFireAt: at + minute,
      nextDueAt: at + minute,
      passed: [],
    });
  });

  it('pauses longer with every failure and tells what that swallows', () => {
    const verdict = judgeRun({ ...schedule, currentRetry: 2 }, ended('failed'));
    expect(verdict.nextFireAt).toBe(at + 4 * minute);
    expect(verdict.passed.map(({ fireAt }) => fireAt)).toEqual([1, 2, 3].map((n) => at + n * minute));
  });

  it('ends the schedule after the last retry', () => {
    expect(judgeRun({ ...schedule, currentRetry: 3 }, ended('failed'))).toMatchObject({
      status: 'dead',
      nextFireAt: null,
      lastError: 'Boom.',
    });
    expect(judgeRun({ ...schedule, maxRetries: 0 }, ended('failed')).status).toBe('dead');
  });

  it('is tried again although it was the last repetition', () => {
    const last = { ...schedule, totalRepeats: 5, nextFireAt: null };
    const verdict = judgeRun(last, ended('failed'));
    expect(verdict).toMatchObject({ status: 'active', currentRepeat: 4, nextFireAt: at + minute });
    const long = judgeRun(last, ended('failed', { endedAt: at + 9 * minute }));
    expect(long.nextFireAt).toBe(at + 9 * minute);
  });

  it('is tried again before the next time of a cron pattern', () => {
    const cron = { ...schedule.timing, cron: '0 12 * * *' };
    const daily = { ...schedule, timing: cron, nextFireAt: at + 1440 * minute };
    expect(judgeRun(daily, ended('failed'))).toMatchObject({ nextFireAt: at + 2000 + minute, passed: [] });
    const often = { ...schedule, timing: { ...cron, cron: '* * * * *' }, currentRetry: 1 };
    const verdict = judgeRun(often, ended('failed'));
    expect(verdict.nextFireAt).toBe(at + 2000 + 2 * minute);
    expect(verdict.passed.map(({ fireAt }) => fireAt)).toEqual([at + minute, at + 2 * minute]);
  });

  it('leaves a paused schedule paused, and kills it when there were too many', () => {
    const paused = { ...schedule, status: 'paused' as const, nextFireAt: null };
    expect(judgeRun(paused, ended('failed'))).toMatchObject({ status: 'paused', nextFireAt: null });
    expect(judgeRun({ ...paused, currentRetry: 3 }, ended('failed')).status).toBe('dead');
  });
});

it('starts anew with a success, and takes a cancelled run for neither', () => {
  const shaky = { ...schedule, currentRetry: 2, errorCount: 2, lastError: 'Boom.' };
  expect(judgeRun(shaky, ended('completed'))).toMatchObject({
    currentRetry: 0,
    errorCount: 2,
    lastError: '',
    nextFireAt: at + minute,
  });
  expect(judgeRun(shaky, ended('cancelled'))).toMatchObject({ currentRetry: 2, lastError: 'Boom.' });
});

it('is done when nothing is left to fire and the last run has ended', () => {
  const last = { ...schedule, totalRepeats: 5, nextFireAt: null };
  expect(judgeRun(last, ended('completed')).status).toBe('done');
  expect(judgeRun(last, ended('cancelled')).status).toBe('done');
  expect(judgeRun(last, ended('completed', { othersOpen: 1 })).status).toBe('active');
});
