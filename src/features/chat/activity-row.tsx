'use client';

import { ChevronRight, Wrench } from 'lucide-react';
import { memo, useId, useState } from 'react';
import { cn } from '#ui/class-name.ts';
import { CodeBlock } from '#ui/code-block.tsx';
import { formatDuration } from '#ui/duration.tsx';
import { StatusIcon, statusLabel } from '#ui/status-badge.tsx';
import type { Activity } from './answer.ts';

/** One call of a tool: what was asked and what came back, folded away. */
export const ToolRow = memo(function ToolRow({ activity }: { activity: Activity }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { title, state, durationMs, error, input, output } = activity;
  return (
    <div data-tool-call={title} data-state={state} className="overflow-hidden rounded-lg border bg-surface">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex min-h-9 w-full items-center gap-2 px-2.5 py-1.5 text-left text-xs focus-visible:-outline-offset-2 hover:bg-hover pointer-coarse:min-h-11"
      >
        <StatusIcon status={state} size={14} label={statusLabel(state)} />
        <Wrench className="size-3.5 shrink-0 text-subtle" aria-hidden />
        <span className="shrink-0 font-mono font-medium">{title}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-subtle">{error ?? gist(input)}</span>
        {durationMs === null ? null : (
          <span className="shrink-0 text-subtle tabular-nums">{formatDuration(durationMs)}</span>
        )}
        <ChevronRight
          className={cn('size-3.5 shrink-0 text-subtle transition-transform', open && 'rotate-90')}
          aria-hidden
        />
      </button>
      <div id={id} hidden={!open} className="border-t p-2.5">
        {open ? <ToolDetail activity={activity} output={output} /> : null}
      </div>
    </div>
  );
});

function ToolDetail({ activity: { input, error }, output }: { activity: Activity; output: unknown }) {
  return (
    <div className="flex flex-col gap-2">
      <CodeBlock title="Arguments" code={jsonText(input) ?? 'none'} wrap maxHeight="12rem" />
      {error === null ? null : <p className="text-xs break-words text-danger-text">{error}</p>}
      {output === undefined || error !== null ? null : (
        <CodeBlock title="Result" code={jsonText(output) ?? 'none'} wrap maxHeight="16rem" />
      )}
    </div>
  );
}

function jsonText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** The arguments in a line: `city: "Bern", days: 3`. */
function gist(input: unknown): string {
  if (typeof input !== 'object' || input === null) return '';
  return Object.entries(input)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ')
    .slice(0, 200);
}

/** The steps of the run that gave an answer. */
export function StepRows({ steps }: { steps: readonly Activity[] }) {
  return (
    <ul className="flex flex-col rounded-lg border bg-surface px-2.5 py-1 text-xs">
      {steps.map(({ key, title, state, durationMs, error }) => (
        <li key={key} className="flex min-h-7 items-center gap-2">
          <StatusIcon status={state} size={14} label={statusLabel(state)} />
          <span className="shrink-0 font-medium">{title}</span>
          <span className="min-w-0 flex-1 truncate text-danger-text">{error ?? ''}</span>
          {durationMs === null ? null : (
            <span className="text-subtle tabular-nums">{formatDuration(durationMs)}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
