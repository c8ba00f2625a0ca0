import type { StepState } from '#domain/run/event.ts';
import type { RunStep } from './run-step.ts';

/** Where it matters most: what somebody has to answer, what goes on, what went wrong. */
const RANK: readonly StepState[] = [
  'running',
  'waiting',
  'pending',
  'failed',
  'success',
  'cancelled',
  'skipped',
];

/** All repetitions of one node as one step; there is at least one. */
export function repeatedStep(repetitions: ReadonlyMap<string, RunStep>): RunStep {
  const all = [...repetitions.values()];
  const state = RANK.find((one) => all.some((step) => step.state === one)) ?? 'pending';
  const like = all.find((step) => step.state === state) ?? all[0];
  if (!like) throw new Error('A repeated step has at least one repetition.');
  const failed = all.find((step) => step.state === 'failed');
  const open = all.some((step) => step.endedAt === null);
  return {
    ...like,
    attempt: 1,
    startedAt: outermost(
      all.map((step) => step.startedAt),
      Math.min,
    ),
    endedAt: open
      ? null
      : outermost(
          all.map((step) => step.endedAt),
          Math.max,
        ),
    error: failed?.error ?? '',
    errorCode: failed?.errorCode ?? null,
    repetitions,
  };
}

/** There may be more of them than a call takes arguments. */
function outermost(times: readonly (number | null)[], of: (a: number, b: number) => number): number | null {
  return times.reduce((best, at) => (best === null || at === null ? (best ?? at) : of(best, at)), null);
}

/** How many repetitions stand so. */
export function countOf(step: RunStep, state: StepState): number {
  let count = 0;
  for (const one of step.repetitions?.values() ?? []) if (one.state === state) count += 1;
  return count;
}

/** “12 times, 2 failed”; empty outside loops. */
export function repetitionText(step: RunStep): string {
  if (!step.repetitions) return '';
  const { size } = step.repetitions;
  const failed = countOf(step, 'failed');
  const skipped = countOf(step, 'skipped');
  return [
    size === 1 ? 'once' : `${size.toLocaleString('en')} times`,
    failed > 0 ? `${failed.toLocaleString('en')} failed` : '',
    skipped > 0 && skipped < size ? `${skipped.toLocaleString('en')} skipped` : '',
  ]
    .filter(Boolean)
    .join(', ');
}
