'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { count, dollars, shortCount } from '#domain/model/amount.ts';
import { Badge } from '#ui/badge.tsx';
import { cn } from '#ui/class-name.ts';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { SegmentedControl } from '#ui/segmented-control.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '#ui/table.tsx';
import type { Group } from './model-state.ts';

type Item = OutputOf<'models', 'usage'>['items'][number];

const NAMES: Readonly<Record<Group, string>> = { workflow: 'Workflow', model: 'Model', day: 'Day' };

interface UsageTableProps {
  from: string;
  by: Group;
  onBy: (by: Group) => void;
}

/** The same days, added up by workflow, model or day. */
export function UsageTable({ from, by, onBy }: UsageTableProps) {
  const found = useQuery(trpc.models.usage.queryOptions({ from, by }, { placeholderData: keepPreviousData }));
  const items = (found.data?.items ?? []).filter((item) => item.calls > 0);
  return (
    <section className="flex min-w-0 flex-col gap-3" aria-label="Usage added up">
      <SegmentedControl
        ariaLabel="Added up by"
        value={by}
        onValueChange={onBy}
        items={(['workflow', 'model', 'day'] as const).map((value) => ({ value, label: `By ${value}` }))}
      />
      {found.error ? (
        <ErrorNotice
          title="The usage could not be loaded"
          description={readProblem(found.error).message}
          onRetry={() => void found.refetch()}
        />
      ) : found.data === undefined ? (
        <SkeletonTable rows={5} columns={4} />
      ) : (
        <Table
          label={`Usage by ${by}`}
          className={cn('transition-opacity', found.isPlaceholderData && 'opacity-60')}
        >
          <TableHead>
            <TableHeaderCell>{NAMES[by]}</TableHeaderCell>
            <TableHeaderCell align="right" width="6rem" className="max-sm:hidden">
              Calls
            </TableHeaderCell>
            <TableHeaderCell align="right" width="8rem" className="max-md:hidden">
              Prompt tokens
            </TableHeaderCell>
            <TableHeaderCell align="right" width="8rem" className="max-md:hidden">
              Answer tokens
            </TableHeaderCell>
            <TableHeaderCell align="right" width="7rem">
              Cost
            </TableHeaderCell>
          </TableHead>
          <TableBody>
            {(by === 'day' ? items.toReversed() : items).map((item) => (
              <UsageRow key={item.key} item={item} mono={by === 'model'} />
            ))}
          </TableBody>
        </Table>
      )}
    </section>
  );
}

function UsageRow({ item, mono }: { item: Item; mono: boolean }) {
  const tokens = item.input_tokens + item.output_tokens;
  return (
    <TableRow>
      <TableCell className="w-full max-w-0 py-1.5">
        <span className={cn('block truncate', mono ? 'font-mono text-xs' : 'font-medium')} title={item.label}>
          {item.label}
        </span>
        <span className="block truncate text-xs text-subtle md:hidden">
          {count(item.calls)} calls · {shortCount(tokens)} tokens
        </span>
      </TableCell>
      <TableCell align="right" muted className="max-sm:hidden">
        {count(item.calls)}
        {item.failed_calls > 0 ? (
          <span className="block whitespace-nowrap text-xs text-danger-text">
            {count(item.failed_calls)} failed
          </span>
        ) : null}
      </TableCell>
      <TableCell align="right" muted className="max-md:hidden" title={count(item.input_tokens)}>
        {shortCount(item.input_tokens)}
      </TableCell>
      <TableCell align="right" muted className="max-md:hidden" title={count(item.output_tokens)}>
        {shortCount(item.output_tokens)}
      </TableCell>
      <TableCell align="right">
        {item.unpriced_calls === item.calls && item.cost_usd === 0 ? (
          <Badge>No price</Badge>
        ) : (
          dollars(item.cost_usd)
        )}
      </TableCell>
    </TableRow>
  );
}
