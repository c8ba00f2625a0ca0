import { dueTime, fireAfter, passOver } from './fire-time.ts';
import type { MisfirePolicy, OverlapPolicy, Timing } from './timing.ts';

/** A fire that begins later than this was missed. */
export const GRACE_MS = 5000;
/** Fires missed longer ago are not made up for. */
export const MISFIRE_WINDOW_MS = 3_600_000;
/** As many missed fires are made up for at most, and as many wait for their turn. */
export const MAX_CATCH_UP = 100;
export const MAX_QUEUED = 100;

/** An active schedule whose next fire may be due. */
export interface DueSchedule {
  readonly id: string;
  readonly timing: Timing;
  readonly misfirePolicy: MisfirePolicy;
  readonly overlapPolicy: OverlapPolicy;
  /** 0: without end. */
  readonly totalRepeats: number;
  readonly currentRepeat: number;
  readonly nextFireAt: number;
}

/** What is under way when the plan is made. */
export interface Load {
  /** Runs of this schedule that have not ended. */
  readonly running: number;
  /** Fires that wait for a run to end. */
  readonly queued: number;
  readonly isWorkflowActive: boolean;
}

export type PlannedOutcome = 'start' | 'queued' | 'skipped_overlap' | 'skipped_inactive' | 'misfired';

export interface PlannedFire {
  readonly fireAt: number;
  /** The record stands for every fire up to here. */
  readonly untilAt: number | null;
  readonly outcome: PlannedOutcome;
  /** Which repetition the run is; null when there is none. */
  readonly repeat: number | null;
  /** Why there is no run now; empty where there is. */
  readonly reason: string;
}

export interface FirePlan {
  readonly fires: readonly PlannedFire[];
  readonly nextFireAt: number | null;
  /** When the next fire is really made. */
  readonly nextDueAt: number | null;
  readonly currentRepeat: number;
  /** Nothing is left to fire and nothing to wait for. */
  readonly isDone: boolean;
}

interface Candidate {
  readonly fireAt: number;
  /** Was missed; made up for now. */
  readonly isLate: boolean;
}

/** What to do about every fire that is due at `now`. Each of them appears in the plan exactly once. */
export function planFires(schedule: DueSchedule, now: number, load: Load): FirePlan {
  const old = passOver(schedule.timing, schedule.nextFireAt, now - MISFIRE_WINDOW_MS);
  const tooOld = old.passed.map((one) => ({
    ...one,
    outcome: load.isWorkflowActive ? ('misfired' as const) : ('skipped_inactive' as const),
    repeat: null,
    reason: load.isWorkflowActive ? 'It was due more than an hour ago.' : INACTIVE,
  }));
  const { late, onTime, next } = dueFires(schedule, old.next, now);
  const { madeUpFor, dropped } = chooseLate(schedule.misfirePolicy, late, onTime.length > 0);
  const judged = load.isWorkflowActive
    ? judge(schedule, load, [...madeUpFor, ...onTime])
    : {
        fires: [...madeUpFor, ...onTime].map((one) => record(one.fireAt, 'skipped_inactive', INACTIVE)),
        repeat: schedule.currentRepeat,
      };
  const fires = [...tooOld, ...dropped, ...judged.fires].sort((a, b) => a.fireAt - b.fireAt);
  const isExhausted = schedule.totalRepeats > 0 && judged.repeat >= schedule.totalRepeats;
  const nextFireAt = isExhausted ? null : next;
  const isBusy = load.running + load.queued > 0 || fires.some((fire) => fire.repeat !== null);
  return {
    fires,
    nextFireAt,
    nextDueAt: nextFireAt === null ? null : dueTime(schedule.id, schedule.timing, nextFireAt),
    currentRepeat: judged.repeat,
    isDone: nextFireAt === null && !isBusy,
  };
}

const INACTIVE = 'The workflow is switched off.';

const record = (fireAt: number, outcome: PlannedOutcome, reason: string): PlannedFire => ({
  fireAt,
  untilAt: null,
  outcome,
  repeat: null,
  reason,
});

function dueFires({ id, timing }: DueSchedule, first: number | null, now: number) {
  const late: Candidate[] = [];
  const onTime: Candidate[] = [];
  let next = first;
  while (next !== null) {
    const dueAt = dueTime(id, timing, next);
    if (dueAt > now) break;
    const isLate = now - dueAt > GRACE_MS;
    (isLate ? late : onTime).push({ fireAt: next, isLate });
    next = fireAfter(timing, next);
  }
  return { late, onTime, next };
}

/** `once` makes up for the newest, unless a fire of now does that anyway. */
function chooseLate(policy: MisfirePolicy, late: readonly Candidate[], hasOnTime: boolean) {
  const count = { skip: 0, once: hasOnTime ? 0 : 1, all: MAX_CATCH_UP }[policy];
  const kept = Math.max(0, late.length - count);
  const reason =
    policy === 'all' ? `More than ${MAX_CATCH_UP} fires were missed.` : 'No process was there to make it.';
  return {
    madeUpFor: late.slice(kept),
    dropped: late.slice(0, kept).map(({ fireAt }) => record(fireAt, 'misfired', reason)),
  };
}

function judge(schedule: DueSchedule, load: Load, candidates: readonly Candidate[]) {
  const { overlapPolicy, misfirePolicy, totalRepeats } = schedule;
  const fires: PlannedFire[] = [];
  let { running, queued } = load;
  let repeat = schedule.currentRepeat;
  for (const { fireAt, isLate } of candidates) {
    if (totalRepeats > 0 && repeat >= totalRepeats) break;
    const mayQueue = overlapPolicy === 'queue' || (isLate && misfirePolicy === 'all');
    if (overlapPolicy === 'allow' || running + queued === 0) {
      repeat += 1;
      running += 1;
      fires.push({ ...record(fireAt, 'start', ''), repeat });
    } else if (mayQueue && queued < MAX_QUEUED) {
      repeat += 1;
      queued += 1;
      fires.push({ ...record(fireAt, 'queued', 'It waits for an earlier run to end.'), repeat });
    } else {
      const full = `${MAX_QUEUED} earlier fires already wait for their turn.`;
      fires.push(record(fireAt, 'skipped_overlap', mayQueue ? full : 'An earlier run has not ended.'));
    }
  }
  return { fires, repeat };
}
