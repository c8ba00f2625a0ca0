'use client';

import { useQuery } from '@tanstack/react-query';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Skeleton } from '#ui/skeleton.tsx';
import { MfaCard } from './mfa-card.tsx';
import { PasswordCard } from './password-card.tsx';
import { SessionCard } from './session-card.tsx';

/** /settings/security: the second factor, the password, and where one is signed in. */
export function SecurityScreen() {
  const me = useQuery(trpc.auth.me.queryOptions({}, { staleTime: 60_000 }));
  if (me.error && !me.data) {
    return (
      <ErrorNotice
        title="Your account could not be loaded"
        description={readProblem(me.error).message}
        onRetry={() => void me.refetch()}
      />
    );
  }
  if (!me.data) return <Skeleton className="h-60 w-full rounded-lg" />;
  return (
    <>
      <MfaCard />
      <PasswordCard username={me.data.username} />
      <SessionCard />
    </>
  );
}
