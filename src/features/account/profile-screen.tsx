'use client';

import { useQuery } from '@tanstack/react-query';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Skeleton } from '#ui/skeleton.tsx';
import { NameCard } from './name-card.tsx';

/** /settings: who the person is. */
export function ProfileScreen() {
  const user = useQuery(trpc.users.me.queryOptions({}));
  if (user.data) return <NameCard user={user.data} />;
  if (!user.error) return <Skeleton className="h-60 w-full rounded-lg" />;
  return (
    <ErrorNotice
      title="Your profile could not be loaded"
      description={readProblem(user.error).message}
      onRetry={() => void user.refetch()}
    />
  );
}
