'use client';

import { useQuery } from '@tanstack/react-query';
import { SearchX } from 'lucide-react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { ButtonLink } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Page } from '#ui/page-header.tsx';
import { Skeleton, SkeletonText } from '#ui/skeleton.tsx';
import { ScheduleDetail } from './schedule-detail.tsx';

const REFRESH_MS = 4_000;

/** /schedules/[id]: one schedule, when it runs next, and what has become of its runs. */
export function ScheduleScreen({ scheduleId }: { scheduleId: string }) {
  const schedule = useQuery(
    trpc.schedules.get.queryOptions({ schedule_id: scheduleId }, { refetchInterval: REFRESH_MS }),
  );
  if (schedule.data) return <ScheduleDetail schedule={schedule.data} />;
  if (!schedule.error) return <Loading />;
  const problem = readProblem(schedule.error);
  return (
    <Page>
      {problem.status === 404 ? (
        <EmptyState
          icon={<SearchX />}
          title="This schedule does not exist"
          description="It may have been deleted, or it belongs to someone else."
          actions={<ButtonLink href="/schedules">All schedules</ButtonLink>}
        />
      ) : (
        <ErrorNotice
          title="The schedule could not be loaded"
          description={problem.message}
          onRetry={() => void schedule.refetch()}
        />
      )}
    </Page>
  );
}

function Loading() {
  return (
    <Page>
      <span role="status" className="sr-only">
        Loading
      </span>
      <Skeleton className="mb-2 h-6 w-64" />
      <Skeleton className="mb-6 w-96" />
      <SkeletonText lines={8} />
    </Page>
  );
}
