import { cronAfter } from './cron.ts';
import { jitterMs } from './jitter.ts';
import type { Timing } from './timing.ts';

const inWindow = ({ endAt }: Timing, time: number | null): number | null =>
  time === null || (endAt !== null && time > endAt) ? null : time;

/** When a schedule that is armed at `now` fires first: after one interval, or when it starts; null: never. */
export function firstFire(timing: Timing, now: number): number | null {
  const { cron, timezone, startAt, intervalSeconds } = timing;
  const opens = startAt !== null && startAt > now ? startAt : null;
  if (cron !== null) return inWindow(timing, cronAfter(cron, timezone, opens === null ? now : opens - 1));
  return inWindow(timing, opens ?? now + intervalSeconds * 1000);
}

/** The regular fire that follows `fireAt`; null when it was the last. */
export function fireAfter(timing: Timing, fireAt: number): number | null {
  const { cron, timezone, intervalSeconds } = timing;
  return inWindow(
    timing,
    cron === null ? fireAt + intervalSeconds * 1000 : cronAfter(cron, timezone, fireAt),
  );
}

/** The first fire of the row that begins with `fireAt` which is not before `time`. */
export function fireFrom(timing: Timing, fireAt: number, time: number): number | null {
  if (fireAt >= time) return inWindow(timing, fireAt);
  const { cron, timezone, intervalSeconds } = timing;
  if (cron !== null) return inWindow(timing, cronAfter(cron, timezone, time - 1));
  const step = intervalSeconds * 1000;
  return inWindow(timing, fireAt + Math.ceil((time - fireAt) / step) * step);
}

/** When a fire is really made: jitter puts it off, but never past the fire that follows. */
export function dueTime(id: string, timing: Timing, fireAt: number): number {
  const most = timing.jitterSeconds * 1000;
  if (most === 0) return fireAt;
  const following = fireAfter(timing, fireAt);
  return fireAt + jitterMs(id, fireAt, following === null ? most : Math.min(most, following - fireAt));
}

/** The fires from `fireAt` on, at most `count`, each with the time it is really made. */
export function upcoming(
  id: string,
  timing: Timing,
  from: { readonly fireAt: number | null; readonly count: number },
): { readonly fireAt: number; readonly dueAt: number }[] {
  const fires = [];
  for (let next = from.fireAt; next !== null && fires.length < from.count; next = fireAfter(timing, next)) {
    fires.push({ fireAt: next, dueAt: dueTime(id, timing, next) });
  }
  return fires;
}

/** Fires that are not made. `untilAt`: the entry also stands for every fire after `fireAt` up to this one's time. */
export interface PassedFire {
  readonly fireAt: number;
  readonly untilAt: number | null;
}

/** More than this many are told as one. */
export const MAX_PASSED = 200;

/** The fires from `fireAt` on that lie before `time`, in a bounded list, and the first one that does not. */
export function passOver(
  timing: Timing,
  fireAt: number,
  time: number,
): { readonly passed: readonly PassedFire[]; readonly next: number | null } {
  const passed: PassedFire[] = [];
  let next: number | null = fireAt;
  while (next !== null && next < time && passed.length < MAX_PASSED) {
    passed.push({ fireAt: next, untilAt: null });
    next = fireAfter(timing, next);
  }
  if (next === null || next >= time) return { passed, next };
  passed[passed.length - 1] = { fireAt: passed.at(-1)?.fireAt ?? fireAt, untilAt: time - 1 };
  return { passed, next: fireFrom(timing, next, time) };
}
