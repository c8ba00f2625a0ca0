'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { SkeletonText } from '#ui/skeleton.tsx';
import { EntryCard } from './entry-card.tsx';
import { SetupForm } from './setup-form.tsx';

/** /setup: makes the first account of an empty installation. */
export function SetupScreen() {
  const router = useRouter();
  const queries = useQueryClient();
  const status = useQuery(trpc.auth.setupStatus.queryOptions({}, { staleTime: 0 }));
  const finished = status.data?.needs_setup === false;
  useEffect(() => {
    if (finished) router.replace('/login');
  }, [finished, router]);
  const done = () => {
    queries.clear();
    router.replace('/workflows');
  };
  return (
    <EntryCard
      title="Welcome to Pipewright"
      description="Make the first account. It administers this installation, and nobody else can take this step after you."
    >
      {status.error ? (
        <ErrorNotice
          title="This page could not be prepared"
          description={readProblem(status.error).message}
          onRetry={() => void status.refetch()}
        />
      ) : status.data?.needs_setup ? (
        <SetupForm tokenRequired={status.data.setup_token_required} onDone={done} />
      ) : (
        <SkeletonText lines={5} />
      )}
    </EntryCard>
  );
}
