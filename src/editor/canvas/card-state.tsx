'use client';

import { TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Problem } from '#domain/graph/validate.ts';
import { StatusIcon } from '#ui/status-badge.tsx';
import type { StepView } from '../run/step-view.ts';

/** “840 ms”, “3.2 s”, “4 m 12 s”. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const minutes = Math.floor(ms / 60_000);
  return `${minutes} m ${Math.round((ms % 60_000) / 1000)} s`;
}

/** The badge in a card's corner: how the step stands and how long it took. */
export function StepBadge({ step }: { step: StepView }) {
  if (step.state === 'idle') return null;
  return (
    <span className="flex shrink-0 flex-col items-end gap-0.5 text-2xs whitespace-nowrap text-subtle tabular-nums">
      <StatusIcon status={step.state} size={16} />
      {step.state === 'running' && step.startedAt !== null ? <Elapsed since={step.startedAt} /> : null}
      {step.state !== 'running' && step.durationMs !== null && step.state !== 'skipped'
        ? durationText(step.durationMs)
        : null}
    </span>
  );
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
