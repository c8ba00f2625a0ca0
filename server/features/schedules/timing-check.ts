import { AppError, type FieldProblem } from '#domain/problem.ts';
import { cronProblem, timezoneProblem } from '#domain/schedule/cron.ts';
import { firstFire } from '#domain/schedule/fire-time.ts';
import type { Timing } from '#domain/schedule/timing.ts';

/** A fault of one field of the request. */
export const fieldProblem = (field: string, msg: string, input: unknown): AppError => {
  const problem: FieldProblem = { type: 'value_error', loc: ['body', field], msg, input };
  return new AppError('invalid', [problem]);
};

/**
 * The first fire of a schedule that is armed at `now`.
 * @throws AppError `invalid`, naming the field, for a time zone, pattern or window in which nothing can ever fire.
 */
export function checkedFirstFire(timing: Timing, now: number): number {
  const { cron, timezone, startAt, endAt } = timing;
  const zone = timezoneProblem(timezone);
  if (zone !== null) throw fieldProblem('timezone', zone, timezone);
  const pattern = cron === null ? null : cronProblem(cron, timezone);
  if (pattern !== null) throw fieldProblem('cron', pattern, cron);
  const end = endAt === null ? null : new Date(endAt).toISOString();
  if (startAt !== null && endAt !== null && endAt < startAt) {
    throw fieldProblem('end_at', 'The end lies before the start. Choose a later end.', end);
  }
  const first = firstFire(timing, now);
  if (first !== null) return first;
  const msg = 'Nothing would fire before the end. Choose a later end, or leave it out.';
  if (end !== null) throw fieldProblem('end_at', msg, end);
  throw fieldProblem('cron', 'This pattern never fires again.', cron);
}
