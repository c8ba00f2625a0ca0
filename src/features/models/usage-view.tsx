'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChartNoAxesColumn } from 'lucide-react';
import { useMemo } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { count, dollars, shortCount } from '#domain/model/amount.ts';
import { ButtonLink } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { SegmentedControl } from '#ui/segmented-control.tsx';
import { Skeleton } from '#ui/skeleton.tsx';
import { firstDay, type ModelState } from './model-state.ts';
import { UsageChart } from './usage-chart.tsx';
import { UsageTable } from './usage-table.tsx';

export interface ViewProps {
  state: ModelState;
  change: (change: Partial<ModelState>) => void;
}

/** What was spent: in all, day by day, and by whom or on what. */
export function UsageView({ state, change }: ViewProps) {
  const { span } = state;
  const from = useMemo(() => firstDay(span, Date.now()), [span]);
  const days = useQuery(
    trpc.models.usage.queryOptions({ from, by: 'day' }, { placeholderData: keepPreviousData }),
  );
  if (days.error) {
    return (
      <ErrorNotice
        title="The usage could not be loaded"
        description={readProblem(days.error).message}
        onRetry={() => void days.refetch()}
      />
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <Controls state={state} change={change} />
      {days.data === undefined ? (
        <Skeleton className="h-72 w-full rounded-lg" />
      ) : days.data.totals.calls === 0 ? (
        <EmptyState
          icon={<ChartNoAxesColumn />}
          title="No model was called in these days"
          description="Draw a workflow with an agent and a model, run it, and its tokens and costs appear here."
          actions={<ButtonLink href="/workflows">Go to the workflows</ButtonLink>}
        />
      ) : (
        <>
          <Totals totals={days.data.totals} />
          <UsageChart days={days.data.items} metric={state.metric} />
          <UsageTable from={from} by={state.by} onBy={(by) => change({ by })} />
        </>
      )}
    </div>
  );
}

function Controls({ state, change }: ViewProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <SegmentedControl
        ariaLabel="How many days"
        value={state.span}
        onValueChange={(span) => change({ span })}
        items={[
          { value: '7', label: '7 days' },
          { value: '30', label: '30 days' },
          { value: '90', label: '90 days' },
        ]}
      />
      <SegmentedControl
        ariaLabel="What the chart shows"
        value={state.metric}
        onValueChange={(metric) => change({ metric })}
        items={[
          { value: 'cost', label: 'Cost' },
          { value: 'tokens', label: 'Tokens' },
        ]}
      />
    </div>
  );
}

function Totals({ totals }: { totals: OutputOf<'models', 'usage'>['totals'] }) {
  const { calls, failed_calls, input_tokens, cached_tokens, output_tokens, cost_usd, unpriced_calls } =
    totals;
  const facts = [
    [
      'Cost',
      dollars(cost_usd),
      unpriced_calls > 0 ? `${count(unpriced_calls)} calls without a price` : 'By the price table',
    ],
    ['Calls', count(calls), failed_calls > 0 ? `${count(failed_calls)} failed` : 'None failed'],
    ['Prompt tokens', shortCount(input_tokens), `${shortCount(cached_tokens)} from the cache`],
    ['Answer tokens', shortCount(output_tokens), `${count(output_tokens)} exactly`],
  ];
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-border lg:grid-cols-4">
      {facts.map(([name, value, note]) => (
        <div key={name} className="bg-surface px-4 py-3">
          <dt className="text-xs text-subtle">{name}</dt>
          <dd className="mt-0.5 text-lg font-semibold tabular-nums">{value}</dd>
          <dd className="truncate text-xs text-subtle" title={note}>
            {note}
          </dd>
        </div>
      ))}
    </dl>
  );
}
