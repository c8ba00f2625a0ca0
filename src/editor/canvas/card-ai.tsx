'use client';

import { memo, type ReactNode } from 'react';
import { StatusIcon } from '#ui/status-badge.tsx';
import { useRun } from '../editor-context.ts';
import type { PartUse } from '../run/part-use.ts';
import type { StepView } from '../run/step-view.ts';
import { type StepUsage, usageText } from '../run/usage.ts';
import { durationText } from './card-state.tsx';

/** Two lines of a card. */
const SHOWN = 78;

/** The end of the answer a step is writing; it draws itself, so that the card around it need not. */
export const TailOr = memo(function TailOr({ node, children }: { node: string; children: ReactNode }) {
  const tail = useRun((state) => state.tails[node]);
  if (!tail) return children;
  const text = tail.text.replaceAll(/\s+/g, ' ').trimStart();
  const cut = text.length > SHOWN ? `…${text.slice(-SHOWN)}` : text;
  return (
    <span
      aria-hidden
      data-stream={node}
      data-turn={tail.turn}
      className="line-clamp-2 text-2xs leading-3.5 break-words text-muted"
    >
      {tail.turn > 1 ? <span className="pr-1 text-subtle tabular-nums">{tail.turn}.</span> : null}
      {cut === '' ? (tail.thinks ? 'Thinking…' : 'Asking the model…') : cut}
    </span>
  );
});

/** The badge of a part: how it stands, and how often it was called. */
export function UseBadge({ use }: { use: PartUse }) {
  return (
    <span
      data-calls={use.calls}
      className="flex shrink-0 flex-col items-end gap-0.5 text-2xs whitespace-nowrap text-subtle tabular-nums"
    >
      <StatusIcon status={use.state} size={16} />
      <span>{useFigure(use)}</span>
    </span>
  );
}

/** How often a part was used, where once says little how long that took. */
function useFigure({ calls, ms, usage }: PartUse): string {
  const often = calls > 1 ? [`×${calls}`] : [];
  // A model says it below its title, beside its tokens.
  const long = ms === null || usage || calls > 1 ? [] : [durationText(ms)];
  return [...often, ...long].join(' ') || '×1';
}

/** What a part was last called for, and what came of it. */
export function CallLine({ use }: { use: PartUse }) {
  const { name, text } = use.last ?? { name: '', text: '' };
  if (use.usage && use.state !== 'failed') return <ModelLine use={use} usage={use.usage} />;
  const failed = use.state === 'failed';
  return (
    <span
      className={`block truncate text-xs ${failed ? 'text-danger-text' : 'text-subtle'}`}
      title={text === '' ? name : `${name}: ${text}`}
    >
      {text === '' ? `${name}…` : text}
    </span>
  );
}

function ModelLine({ use, usage }: { use: PartUse; usage: StepUsage }) {
  const took = use.ms === null ? [] : [durationText(use.ms)];
  const text = [usageText(usage), ...took].join(' · ');
  return (
    <span data-part-usage className="block truncate text-xs text-subtle tabular-nums" title={text}>
      {text}
    </span>
  );
}

/** What a step that asked models took: time, tokens, money. */
export function UsageLine({ step, usage }: { step: StepView; usage: StepUsage }) {
  const took = step.durationMs === null ? [] : [durationText(step.durationMs)];
  const text = [...took, usageText(usage)].join(' · ');
  return (
    <span data-usage className="block truncate text-xs text-subtle tabular-nums" title={text}>
      {text}
    </span>
  );
}
