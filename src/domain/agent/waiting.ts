import { z } from 'zod';
import type { Resumed, Suspend } from '../node/suspend.ts';

/** A call that waits for something outside, by its key in the step. */
export interface Waiting {
  readonly key: string;
  readonly suspend: Suspend;
}

const kept = z.object({
  waiting: z.record(
    z.string(),
    z.object({
      sources: z.array(z.string()),
      until: z.number().nullable(),
      kept: z.unknown(),
      human: z.boolean(),
    }),
  ),
});

/** One suspension of the step for all calls that wait. It goes on when all have what they wait for, or the first is late. */
export function suspendFor(waiting: readonly Waiting[]): Suspend {
  const limits = waiting.flatMap(({ suspend }) => suspend.until ?? []);
  const shown = waiting.find(({ suspend }) => suspend.shown)?.suspend.shown;
  const entries = waiting.map(({ key, suspend: { sources, until, kept: own, human } }) => [
    key,
    { sources, until, kept: own ?? null, human: human === true },
  ]);
  return {
    kind: 'suspend',
    sources: [...new Set(waiting.flatMap(({ suspend }) => suspend.sources))],
    until: limits.length === 0 ? null : Math.min(...limits),
    human: waiting.some(({ suspend }) => suspend.human === true),
    kept: { waiting: Object.fromEntries(entries) },
    ...(shown && { shown }),
  };
}

/** What a call that waited is told; or that it waits on, because only others have got what they waited for. */
export type Told =
  | { readonly kind: 'go_on'; readonly resumed: Resumed }
  | { readonly kind: 'wait'; readonly waiting: Waiting };

/** @returns null for calls that did not wait when the step was suspended */
export function toldTo(resumed: Resumed | null, key: string): Told | null {
  const read = kept.safeParse(resumed?.kept);
  const own = read.success ? read.data.waiting[key] : undefined;
  if (!resumed || !read.success || !own) return null;
  const signals = Object.fromEntries(
    Object.entries(resumed.signals).filter(([source]) => own.sources.includes(source)),
  );
  if (own.sources.every((source) => Object.hasOwn(signals, source))) {
    return { kind: 'go_on', resumed: { timedOut: false, signals, kept: own.kept } };
  }
  const limits = Object.values(read.data.waiting).flatMap(({ until }) => until ?? []);
  if (resumed.timedOut && own.until !== null && own.until <= Math.min(...limits)) {
    return { kind: 'go_on', resumed: { timedOut: true, signals, kept: own.kept } };
  }
  const { sources, until, human } = own;
  return {
    kind: 'wait',
    waiting: { key, suspend: { kind: 'suspend', sources, until, human, kept: own.kept } },
  };
}
