'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Brain, ChevronRight, ListChecks, Wrench } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { JsonView } from '#ui/json-view.tsx';
import { durationText } from '../canvas/card-state.tsx';
import { shortText } from './part-use.ts';
import { usageText } from './usage.ts';

type Call = OutputOf<'executions', 'calls'>['items'][number];

interface StepCallsProps {
  executionId: string;
  /** Calls by this node in one repetition, or all calls of a plugged node. */
  of: { readonly node_id: string; readonly scope: string } | { readonly tool_node_id: string };
  /** The run has ended, so nothing is added. */
  over: boolean;
}

const PAGE = 50;
const MOST = 1000;

/** What a step asked of models and tools, with what came of it; nothing where it asked nothing. */
export function StepCalls({ executionId, of, over }: StepCallsProps) {
  const [limit, setLimit] = useState(PAGE);
  const calls = useQuery({
    ...trpc.executions.calls.queryOptions({ execution_id: executionId, limit, ...of }),
    placeholderData: keepPreviousData,
    refetchInterval: over ? false : 2000,
  });
  if (calls.error && !calls.data) {
    const { message } = readProblem(calls.error);
    return (
      <ErrorNotice
        compact
        title="The calls could not be loaded"
        description={message}
        onRetry={() => void calls.refetch()}
      />
    );
  }
  const { items, total } = calls.data ?? { items: [], total: 0 };
  if (items.length === 0) return null;
  return (
    <section aria-label="Calls" className="flex min-w-0 flex-col gap-1">
      <h4 className="pb-1 text-2xs font-medium text-subtle tabular-nums">
        {total === 1 ? '1 call' : `${total.toLocaleString()} calls`}
      </h4>
      <ol className="flex flex-col divide-y divide-border overflow-hidden rounded-md border border-border">
        {items.map((call) => (
          <CallRow key={call.id} call={call} />
        ))}
      </ol>
      {items.length < total && limit < MOST ? (
        <Button size="sm" className="self-start" onClick={() => setLimit(Math.min(MOST, limit + PAGE * 2))}>
          Show more
        </Button>
      ) : null}
    </section>
  );
}

const ICONS: Readonly<Record<string, typeof Brain>> = { model: Brain, tool: Wrench };

function CallRow({ call }: { call: Call }) {
  const [open, setOpen] = useState(false);
  const Icon = ICONS[call.kind] ?? ListChecks;
  const result = call.kind === 'model' ? textOfAnswer(call.result) : shortText(call.result);
  return (
    <li className="min-w-0 bg-surface">
      <details onToggle={(event) => setOpen(event.currentTarget.open)} className="group/call">
        <summary className="flex min-h-9 list-none items-center gap-2 px-2 py-1.5 text-xs hover:bg-hover [&::-webkit-details-marker]:hidden">
          <ChevronRight
            className="size-3.5 shrink-0 text-subtle transition-transform group-open/call:rotate-90"
            aria-hidden
          />
          <Icon className="size-3.5 shrink-0 text-muted" aria-hidden />
          <span className="max-w-[40%] shrink-0 truncate font-medium">{call.title}</span>
          <span className={cn('min-w-0 flex-1 truncate', call.is_error ? 'text-danger-text' : 'text-subtle')}>
            {call.is_error ? 'Failed: ' : ''}
            {result}
          </span>
          <span className="shrink-0 text-subtle tabular-nums">{factsOf(call)}</span>
        </summary>
        {open ? (
          <div className="grid gap-2 border-t border-border bg-sunken p-2 @xl:grid-cols-2">
            <Value label="Request" value={call.request} />
            <Value label="Result" value={call.result} />
          </div>
        ) : null}
      </details>
    </li>
  );
}

function Value({ label, value }: { label: string; value: Call['request'] }) {
  return (
    <div className="min-w-0">
      <h5 className="pb-1 text-2xs font-medium text-subtle">{label}</h5>
      <div className="overflow-auto rounded-md border border-border bg-surface p-1.5">
        <JsonView value={value} label={label} rootPath={label.toLowerCase()} openDepth={2} />
      </div>
    </div>
  );
}

function factsOf({ usage, duration_ms }: Call): string {
  const tokens = usage && {
    tokens: usage.input_tokens + usage.output_tokens,
    ...{ cost: usage.cost_usd, modelCalls: 1, toolCalls: 0 },
  };
  return [durationText(duration_ms), ...(tokens ? [usageText(tokens)] : [])].join(' · ');
}

/** What a model said, or which tools it asked for. */
function textOfAnswer(result: Call['result']): string {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return shortText(result);
  const text = result['text'];
  if (typeof text === 'string' && text !== '') return shortText(text);
  const asked = result['toolCalls'];
  if (!Array.isArray(asked) || asked.length === 0) return shortText(result);
  const names = asked.map((one) =>
    typeof one === 'object' && one !== null && 'name' in one ? one['name'] : '',
  );
  return `Asks for ${names.join(', ')}`;
}
