'use client';

import { useQuery } from '@tanstack/react-query';
import { SearchX } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useStore } from 'zustand';
import { liveStore } from '#client/live.ts';
import { readProblem } from '#client/problem.ts';
import { isFinished } from '#client/run-status.ts';
import { trpc } from '#client/trpc.ts';
import { ButtonLink } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Page } from '#ui/page-header.tsx';
import { Skeleton, SkeletonText } from '#ui/skeleton.tsx';
import { ExecutionDetail } from './execution-detail.tsx';
import type { RenderCanvas } from './run.ts';

interface ExecutionScreenProps {
  executionId: string;
  /** Draws the run on its graph. */
  renderCanvas: RenderCanvas;
}

/** Without live messages the run is asked for this often while it goes on. */
const POLL_MS = 2_000;

/** /executions/[id]: one run with its steps, data and events; live while it is going on. */
export function ExecutionScreen({ executionId, renderCanvas }: ExecutionScreenProps) {
  const live = useStore(liveStore, (state) => state.status === 'open');
  const run = useQuery(
    trpc.executions.get.queryOptions(
      { execution_id: executionId },
      {
        refetchInterval: ({ state }) =>
          live || !state.data || isFinished(state.data.status) ? false : POLL_MS,
      },
    ),
  );
  const node = useSearchParams().get('node');
  if (run.data) return <ExecutionDetail run={run.data} node={node} renderCanvas={renderCanvas} />;
  if (!run.error) return <Loading />;
  const problem = readProblem(run.error);
  return (
    <Page>
      {problem.status === 404 ? (
        <EmptyState
          icon={<SearchX />}
          title="This execution does not exist"
          description="It may have been deleted, or it belongs to someone else."
          actions={<ButtonLink href="/executions">All executions</ButtonLink>}
        />
      ) : (
        <ErrorNotice
          title="The execution could not be loaded"
          description={problem.message}
          onRetry={() => void run.refetch()}
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
      <Skeleton className="mb-6 h-90 w-full rounded-lg" />
      <SkeletonText lines={6} />
    </Page>
  );
}
