'use client';

import { Clock, Pin, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Problem } from '#domain/graph/validate.ts';
import { StatusIcon } from '#ui/status-badge.tsx';
import { isEnded, promptOf, type StepView } from '../run/step-view.ts';

/** “840 ms”, “3.2 s”, “4 m 12 s”. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const minutes = Math.floor(ms / 60_000);
  return `${minutes} m ${Math.round((ms % 60_000) / 1000)} s`;
}

const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
const DAY_AND_TIME: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', ...TIME };

/** “until 14:05”, “until 3 Mar, 14:05”; both times in ms since the epoch. */
export function untilText(until: number, now: number): string {
  const sameDay = new Date(until).toDateString() === new Date(now).toDateString();
  return `until ${new Date(until).toLocaleString(undefined, sameDay ? TIME : DAY_AND_TIME)}`;
}

/** How many items are through: “37 / 100”, in the end “100 items”; null outside loops. */
export function itemCount(step: StepView): string | null {
  const { done, total } = step.progress ?? step.tally ?? { done: 0, total: null };
  if (!step.progress && !step.tally) return null;
  if (total === null || (done === total && isEnded(step.state)))
    return `${done.toLocaleString()} item${done === 1 ? '' : 's'}`;
  return `${done.toLocaleString()} / ${total.toLocaleString()}`;
}

/** The badge in a card's corner: how the step stands, and how many items are through or how long it took. */
export function StepBadge({ step }: { step: StepView }) {
  if (step.state === 'idle') return null;
  const count = itemCount(step);
  const timed = step.state === 'waiting' && promptOf(step) === null;
  return (
    <span className="flex shrink-0 flex-col items-end gap-0.5 text-2xs whitespace-nowrap text-subtle tabular-nums">
      {timed ? (
        <Clock className="size-4 text-status-waiting" aria-hidden />
      ) : (
        <StatusIcon status={step.state} size={16} />
      )}
      {count === null ? <StepTime step={step} /> : <span data-items>{count}</span>}
    </span>
  );
}

function StepTime({ step }: { step: StepView }) {
  if (step.state === 'running') return step.startedAt === null ? null : <Elapsed since={step.startedAt} />;
  if (step.durationMs === null || step.state === 'skipped' || step.state === 'waiting') return null;
  // Beside tokens and money it stands in the line below the title.
  if (step.usage && step.state === 'success') return null;
  return durationText(step.durationMs);
}

const QUIET_MS = 2000;

/** Ticks by itself, so that the card around it need not. */
function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const ms = now - since;
  return ms < QUIET_MS ? null : <span>{Math.floor(ms / 1000)} s</span>;
}

/** The bar at a card's top: how far a loop is, or that something goes on. */
export function StepBar({ step }: { step: StepView | undefined }) {
  if (step?.state !== 'running') return null;
  const { done, total } = step.progress ?? step.tally ?? { done: 0, total: null };
  if (total === null || total === 0) return <span className="card-progress" aria-hidden />;
  const part = `${Math.min(100, (done / total) * 100)}%`;
  return (
    <span className="card-progress" data-known aria-hidden>
      <span style={{ width: part }} />
    </span>
  );
}

/** Tells that runs from the editor take a kept output instead of running the node. */
export function PinBadge() {
  return (
    <span
      data-pinned
      title="Pinned: runs from the editor take the kept output instead of running this node. Other runs ignore it."
      className="flex shrink-0 text-accent-text"
    >
      <Pin className="size-3.5" aria-hidden />
      <span className="sr-only">Pinned output</span>
    </span>
  );
}

/** A triangle with the number of faults; hidden while there are none. */
export function ProblemBadge({ problems }: { problems: readonly Problem[] | undefined }) {
  const errors = problems?.filter((one) => one.level === 'error') ?? [];
  const shown = errors.length > 0 ? errors : (problems ?? []);
  if (shown.length === 0) return null;
  const tone = errors.length > 0 ? 'text-danger-text' : 'text-warning-text';
  return (
    <span
      className={`flex shrink-0 items-center gap-0.5 text-2xs font-medium tabular-nums ${tone}`}
      title={shown.map((one) => one.message).join('\n')}
    >
      <TriangleAlert className="size-3.5" aria-hidden />
      {shown.length > 1 ? shown.length : null}
    </span>
  );
}
