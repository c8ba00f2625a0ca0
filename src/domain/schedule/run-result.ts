import { backoffMs } from './backoff.ts';
import { dueTime, type PassedFire, passOver } from './fire-time.ts';
import type { ScheduleStatus, Timing } from './timing.ts';

/** The part of a schedule that results of runs change. */
export interface Standing {
  readonly id: string;
  readonly timing: Timing;
  readonly status: ScheduleStatus;
  readonly totalRepeats: number;
  readonly maxRetries: number;
  readonly currentRepeat: number;
  /** Failures in a row. */
  readonly currentRetry: number;
  readonly errorCount: number;
  readonly lastError: string;
  readonly nextFireAt: number | null;
}

export interface EndedFire {
  readonly fireAt: number;
  readonly endedAt: number;
  readonly result: 'completed' | 'failed' | 'cancelled';
  readonly error: string;
  /** Other fires of the schedule that run or wait. */
  readonly othersOpen: number;
}

export interface Verdict {
  readonly status: ScheduleStatus;
  readonly currentRepeat: number;
  readonly currentRetry: number;
  readonly errorCount: number;
  readonly lastError: string;
  readonly nextFireAt: number | null;
  readonly nextDueAt: number | null;
  /** Regular fires the pause after a failure swallows. */
  readonly passed: readonly PassedFire[];
}

/** What the end of a run makes of its schedule. A run somebody cancelled is neither a success nor an error. */
export function judgeRun(schedule: Standing, fire: EndedFire): Verdict {
  if (fire.result === 'failed') return afterFailure(schedule, fire);
  const success = fire.result === 'completed' ? { currentRetry: 0, lastError: '' } : {};
  return rest({ ...schedule, ...success }, fire.othersOpen, []);
}

function afterFailure(schedule: Standing, fire: EndedFire): Verdict {
  const currentRetry = schedule.currentRetry + 1;
  const failed = {
    ...schedule,
    currentRetry,
    errorCount: schedule.errorCount + 1,
    lastError: fire.error,
    // The repetition was not made: the retry makes it.
    currentRepeat: Math.max(0, schedule.currentRepeat - 1),
  };
  if (schedule.status === 'done' || schedule.status === 'dead') return rest(failed, fire.othersOpen, []);
  if (currentRetry > schedule.maxRetries) {
    return rest({ ...failed, status: 'dead', nextFireAt: null }, fire.othersOpen, []);
  }
  if (schedule.status === 'paused') return rest(failed, fire.othersOpen, []);
  const { passed, next } = retry(schedule, fire, currentRetry);
  return rest({ ...failed, nextFireAt: next }, fire.othersOpen, passed);
}

/**
 * The next try. An interval keeps its beat and leaves out what lies within the pause; cron tries again in between,
 * since its next regular fire may be a month away.
 */
function retry({ timing, nextFireAt }: Standing, fire: EndedFire, count: number) {
  const pause = backoffMs(timing.intervalSeconds, count);
  if (timing.cron === null) {
    const notBefore = Math.max(fire.fireAt + pause, fire.endedAt);
    return nextFireAt === null ? armed(timing, notBefore) : passOver(timing, nextFireAt, notBefore);
  }
  const at = fire.endedAt + pause;
  const passed = nextFireAt === null ? [] : passOver(timing, nextFireAt, at).passed;
  return { ...armed(timing, at), passed };
}

const armed = ({ endAt }: Timing, at: number) => ({
  passed: [] as readonly PassedFire[],
  next: endAt !== null && at > endAt ? null : at,
});

function rest(schedule: Standing, othersOpen: number, passed: readonly PassedFire[]): Verdict {
  const { id, timing, status, nextFireAt } = schedule;
  const isOver = status === 'active' && nextFireAt === null && othersOpen === 0;
  return {
    status: isOver ? 'done' : status,
    currentRepeat: schedule.currentRepeat,
    currentRetry: schedule.currentRetry,
    errorCount: schedule.errorCount,
    lastError: schedule.lastError,
    nextFireAt,
    nextDueAt: nextFireAt === null ? null : dueTime(id, timing, nextFireAt),
    passed,
  };
}
