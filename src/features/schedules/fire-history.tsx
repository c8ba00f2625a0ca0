'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Badge } from '#ui/badge.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Link } from '#ui/link.tsx';
import { Pagination } from '#ui/pagination.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '#ui/table.tsx';
import { zonedText } from './fire-time.tsx';
import { fireDetail, fireLook } from './fire-words.ts';
import type { Fire } from './schedule.ts';

const REFRESH_MS = 4_000;

interface FireHistoryProps {
  scheduleId: string;
  /** IANA name of the zone times are told in. */
  timezone: string;
}

/** What became of every fire, newest first, each with the way to its run. */
export function FireHistory({ scheduleId, timezone }: FireHistoryProps) {
  const [paging, setPaging] = useState({ limit: 25, offset: 0 });
  const fires = useQuery(
    trpc.schedules.fires.queryOptions(
      { schedule_id: scheduleId, ...paging },
      { placeholderData: keepPreviousData, refetchInterval: REFRESH_MS },
    ),
  );
  if (!fires.data) {
    return fires.error ? (
      <ErrorNotice
        title="The history could not be loaded"
        description={readProblem(fires.error).message}
        onRetry={() => void fires.refetch()}
      />
    ) : (
      <SkeletonTable rows={5} columns={3} />
    );
  }
  if (fires.data.total === 0) {
    return (
      <EmptyState
        icon={<History />}
        title="It has not run yet"
        description="Every run appears here with its result, and every one that was left out with the reason."
      />
    );
  }
  return (
    <>
      <Table label="History">
        <TableHead>
          <TableHeaderCell>Meant for</TableHeaderCell>
          <TableHeaderCell width="11rem">Result</TableHeaderCell>
          <TableHeaderCell width="8rem" align="right" className="max-sm:hidden">
            Recorded
          </TableHeaderCell>
        </TableHead>
        <TableBody>
          {fires.data.items.map((fire) => (
            <FireRow key={fire.fire_at} fire={fire} timezone={timezone} />
          ))}
        </TableBody>
      </Table>
      <Pagination total={fires.data.total} {...paging} onChange={setPaging} />
    </>
  );
}

function FireRow({ fire, timezone }: { fire: Fire; timezone: string }) {
  const { status, label } = fireLook(fire);
  const detail = fireDetail(fire);
  return (
    <TableRow>
      <TableCell className="py-2">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="whitespace-nowrap tabular-nums">{zonedText(fire.fire_at, timezone)}</span>
          {fire.until_at === null ? null : (
            <span className="text-subtle">and all until {zonedText(fire.until_at, timezone)}</span>
          )}
          {fire.manual ? <Badge>By hand</Badge> : null}
          {fire.repeat_number === null ? null : (
            <span className="text-xs text-subtle">run {fire.repeat_number.toLocaleString('en')}</span>
          )}
        </span>
        {detail === '' ? null : <span className="mt-0.5 block text-xs break-words text-muted">{detail}</span>}
      </TableCell>
      <TableCell>
        {fire.execution_id === null ? (
          <StatusBadge appearance="inline" status={status} label={label} />
        ) : (
          <Link href={`/executions/${fire.execution_id}`} className="rounded-sm hover:underline">
            <StatusBadge appearance="inline" status={status} label={label} />
            <span className="sr-only">: open the run</span>
          </Link>
        )}
      </TableCell>
      <TableCell align="right" muted className="max-sm:hidden">
        <RelativeTime value={fire.recorded_at} />
      </TableCell>
    </TableRow>
  );
}
