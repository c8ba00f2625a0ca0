'use client';

import type { OutputOf } from '#contract/contract.ts';
import { count, dollars, shortCount } from '#domain/model/amount.ts';
import { cn } from '#ui/class-name.ts';

type Day = OutputOf<'models', 'usage'>['items'][number];
type Metric = 'cost' | 'tokens';

const SHOWN = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const dayLabel = (day: string): string => SHOWN.format(new Date(`${day}T00:00:00Z`));

const valueOf = (day: Day, metric: Metric): number =>
  metric === 'cost' ? day.cost_usd : day.input_tokens + day.output_tokens;
const shown = (value: number, metric: Metric): string =>
  metric === 'cost' ? dollars(value) : `${shortCount(value)} tokens`;

/** One bar for each day. The same figures stand in the table below, by day. */
export function UsageChart({ days, metric }: { days: readonly Day[]; metric: Metric }) {
  const most = Math.max(...days.map((day) => valueOf(day, metric)), 0);
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  const what = metric === 'cost' ? 'Cost' : 'Tokens';
  return (
    <figure className="flex min-w-0 flex-col gap-2 rounded-lg border bg-surface px-4 pt-3 pb-2">
      <figcaption className="flex items-baseline justify-between gap-3 text-xs text-subtle">
        <span>{what} per day</span>
        <span className="tabular-nums">At most {shown(most, metric)}</span>
      </figcaption>
      <div
        role="img"
        aria-label={`${what} per day from ${dayLabel(first.key)} to ${dayLabel(last.key)}; at most ${shown(most, metric)}.`}
        className={cn('relative flex h-44 items-end border-b', days.length > 40 ? 'gap-px' : 'gap-1')}
      >
        {most === 0 ? <Nothing metric={metric} /> : null}
        {days.map((day) => (
          <Bar key={day.key} day={day} metric={metric} most={most} />
        ))}
      </div>
      <div aria-hidden className="flex justify-between text-xs text-subtle tabular-nums">
        <span>{dayLabel(first.key)}</span>
        <span>{dayLabel(days[Math.floor(days.length / 2)]?.key ?? last.key)}</span>
        <span>{dayLabel(last.key)}</span>
      </div>
    </figure>
  );
}

function Nothing({ metric }: { metric: Metric }) {
  return (
    <span className="absolute inset-0 grid place-items-center px-4 text-center text-sm text-pretty text-subtle">
      {metric === 'cost'
        ? 'Nothing was paid for in these days. Calls of models without a price count as free; the tokens tell more.'
        : 'No tokens were used in these days.'}
    </span>
  );
}

function Bar({ day, metric, most }: { day: Day; metric: Metric; most: number }) {
  const value = valueOf(day, metric);
  const share = most === 0 ? 0 : (value / most) * 100;
  return (
    <span
      title={`${dayLabel(day.key)}: ${dollars(day.cost_usd)}, ${count(day.input_tokens + day.output_tokens)} tokens, ${count(day.calls)} calls`}
      className="group/bar flex h-full min-w-0 flex-1 items-end rounded-t-sm hover:bg-hover"
    >
      <span
        style={{ height: `${share}%` }}
        className={cn(
          'block w-full rounded-t-sm bg-accent transition-colors group-hover/bar:bg-accent-hover',
          value > 0 && 'min-h-0.5',
        )}
      />
    </span>
  );
}
