'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { trpc } from '#client/trpc.ts';
import { JsonView } from '#ui/json-view.tsx';
import { Link } from '#ui/link.tsx';
import { zonedText } from './fire-time.tsx';
import { MISFIRE_ITEMS, OVERLAP_ITEMS } from './policy-section.tsx';
import type { Schedule } from './schedule.ts';
import { spanWords, whenWords } from './timing-words.ts';

/** The settings of a schedule in words, and its counters. */
export function ScheduleFacts({ schedule, timezone }: { schedule: Schedule; timezone: string }) {
  const { words, detail } = whenWords(schedule);
  const { start_at, end_at, jitter_seconds, total_repeats, max_retries } = schedule;
  const runs = schedule.run_count.toLocaleString('en');
  return (
    <dl className="flex flex-col gap-3 text-sm">
      <Fact name="Workflow">
        <Link
          href={`/workflows/${schedule.workflow_slug}`}
          className="rounded-sm text-accent-text hover:underline"
        >
          {schedule.workflow_name}
        </Link>
      </Fact>
      <Fact name="Trigger">
        <TriggerName schedule={schedule} />
      </Fact>
      <Fact name="When">
        {words}
        {detail === '' ? null : <span className="block text-xs text-subtle">{detail}</span>}
      </Fact>
      {start_at === null ? null : <Fact name="Not before">{zonedText(start_at, timezone)}</Fact>}
      {end_at === null ? null : <Fact name="Not after">{zonedText(end_at, timezone)}</Fact>}
      {jitter_seconds === 0 ? null : <Fact name="Spread">Up to {spanWords(jitter_seconds)}</Fact>}
      <Fact name="Overlap">{labelOf(OVERLAP_ITEMS, schedule.overlap_policy)}</Fact>
      <Fact name="Missed runs">{labelOf(MISFIRE_ITEMS, schedule.misfire_policy)}</Fact>
      <Fact name="Gives up after">
        {max_retries === 0
          ? 'The first failed run'
          : `${(max_retries + 1).toLocaleString('en')} failed runs in a row`}
      </Fact>
      <Fact name="Longest run">{spanWords(schedule.timeout_seconds)}</Fact>
      <Fact name="Runs">
        {total_repeats === 0 ? runs : `${runs} of ${total_repeats.toLocaleString('en')}`}
      </Fact>
      <Fact name="Errors">{schedule.error_count.toLocaleString('en')}</Fact>
      {schedule.trigger_payload === null ? null : (
        <div className="flex flex-col gap-1">
          <dt className="text-subtle">Payload</dt>
          <dd className="min-w-0">
            <JsonView value={schedule.trigger_payload} />
          </dd>
        </div>
      )}
    </dl>
  );
}

const labelOf = (items: readonly { value: string; label: string }[], value: string): string =>
  items.find((item) => item.value === value)?.label ?? value;

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[7.5rem_1fr] gap-3">
      <dt className="text-subtle">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

function TriggerName({ schedule }: { schedule: Schedule }) {
  const { trigger_node_id, workflow_slug } = schedule;
  const nodes = useQuery({
    ...trpc.nodes.list.queryOptions({ workflow_slug }, { staleTime: 60_000 }),
    enabled: trigger_node_id !== null,
  });
  if (trigger_node_id === null) return <>The first schedule trigger</>;
  const node = nodes.data?.find((one) => one.id === trigger_node_id);
  return <>{node ? node.label || node.node_id : '…'}</>;
}
