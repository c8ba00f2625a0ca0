'use client';

import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { StepState } from '#domain/run/event.ts';
import { cn } from '#ui/class-name.ts';
import { Duration } from '#ui/duration.tsx';
import { type Status, StatusIcon, statusLabel } from '#ui/status-badge.tsx';
import { countOf } from './repeated-step.ts';
import type { Run } from './run.ts';
import type { RunStep } from './run-step.ts';

/** How a step's state is drawn. */
export const statusOfStep = (state: StepState): Status => (state === 'pending' ? 'queued' : state);

interface StepListProps {
  steps: readonly RunStep[];
  run: Run;
  selected: string | null;
  onSelect: (nodeId: string) => void;
}

/** The steps in the order they began, each with a bar that shows when it ran. One stop for Tab; arrows move. */
export function StepList({ steps, run, selected, onSelect }: StepListProps) {
  const list = useRef<HTMLUListElement>(null);
  const span = spanOf(steps, run);
  const current = Math.max(
    0,
    steps.findIndex((step) => step.nodeId === selected),
  );
  const move = (event: KeyboardEvent) => {
    const to = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: steps.length - 1 }[event.key];
    const step = to === undefined ? undefined : steps[to];
    if (!step) return;
    event.preventDefault();
    onSelect(step.nodeId);
    list.current?.querySelectorAll<HTMLElement>('button')[to ?? 0]?.focus();
  };
  useEffect(() => {
    const item = list.current?.querySelector<HTMLElement>('[aria-current=true]')?.parentElement;
    if (list.current && item) reveal(item, list.current);
  }, [selected]);
  return (
    <ul
      ref={list}
      aria-label="Steps"
      onKeyDown={move}
      className="max-h-[70dvh] overflow-y-auto overscroll-contain rounded-lg border bg-surface p-1"
    >
      {steps.map((step, index) => (
        <li key={step.nodeId} className="[contain-intrinsic-size:auto_44px] [content-visibility:auto]">
          <StepLine
            step={step}
            span={span}
            selected={step.nodeId === selected}
            tabIndex={index === current ? 0 : -1}
            onSelect={() => onSelect(step.nodeId)}
          />
        </li>
      ))}
    </ul>
  );
}

/** Scrolls the list alone: `scrollIntoView` would move the page under the reader as well. */
function reveal(item: HTMLElement, list: HTMLElement): void {
  const top = item.offsetTop - list.offsetTop;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + item.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = top + item.offsetHeight - list.clientHeight;
  }
}

interface Span {
  readonly from: number;
  readonly length: number;
}

function spanOf(steps: readonly RunStep[], run: Run): Span {
  const starts = steps.flatMap((step) => (step.startedAt === null ? [] : [step.startedAt]));
  const ends = steps.flatMap((step) => (step.endedAt === null ? [] : [step.endedAt]));
  const from = Math.min(...starts, ...ends);
  const open = run.completed_at === null;
  const to = open ? Date.now() : Math.max(...ends, from);
  return { from, length: Math.max(1, to - from) };
}

interface StepLineProps {
  step: RunStep;
  span: Span;
  selected: boolean;
  tabIndex: number;
  onSelect: () => void;
}

function StepLine({ step, span, selected, tabIndex, onSelect }: StepLineProps) {
  const status = statusOfStep(step.state);
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      aria-current={selected}
      onClick={onSelect}
      className={cn(
        'grid w-full grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-2.5 rounded-md px-2.5 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2',
        selected && 'bg-selected hover:bg-selected',
        step.state === 'skipped' && 'text-subtle',
      )}
    >
      <StatusIcon status={status} label={statusLabel(status)} />
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-medium">{step.title}</span>
        {step.type === step.title ? null : <span className="truncate text-xs text-subtle">{step.type}</span>}
        {step.attempt > 1 ? (
          <span className="shrink-0 text-xs text-subtle">attempt {step.attempt}</span>
        ) : null}
        {step.repetitions ? <Repetitions step={step} /> : null}
      </span>
      <Duration ms={durationOf(step)} className="text-xs text-subtle" />
      <Bar step={step} span={span} />
    </button>
  );
}

/** How often, and how often it went wrong. */
function Repetitions({ step }: { step: RunStep }) {
  const failed = countOf(step, 'failed');
  return (
    <span className="shrink-0 text-xs text-subtle tabular-nums">
      ×{step.repetitions?.size.toLocaleString('en')}
      {failed > 0 ? <span className="text-danger-text"> {failed.toLocaleString('en')} failed</span> : null}
    </span>
  );
}

const durationOf = (step: RunStep): number | null =>
  step.startedAt === null || step.endedAt === null ? null : step.endedAt - step.startedAt;

const BAR: Partial<Record<StepState, string>> = {
  running: 'bg-status-running',
  waiting: 'bg-status-waiting',
  success: 'bg-status-success',
  failed: 'bg-status-failed',
};

function Bar({ step, span }: { step: RunStep; span: Span }) {
  if (step.startedAt === null) return null;
  const end = step.endedAt ?? span.from + span.length;
  const left = Math.min(99, ((step.startedAt - span.from) / span.length) * 100);
  const width = Math.min(100 - left, ((end - step.startedAt) / span.length) * 100);
  return (
    <span aria-hidden className="col-start-2 col-end-4 mt-1.5 h-1 overflow-hidden rounded-full bg-active">
      <span
        className={cn('block h-full min-w-1 rounded-full', BAR[step.state] ?? 'bg-status-queued')}
        style={{ marginLeft: `${left}%`, width: `${width}%` }}
      />
    </span>
  );
}
