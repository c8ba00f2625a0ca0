'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { trpc } from '#client/trpc.ts';
import { EntryCard } from './entry-card.tsx';
import { nextPath } from './next-path.ts';
import { SignInForm } from './sign-in-form.tsx';

/** /login: signs in and goes on to the page that was asked for. */
export function SignInScreen() {
  const router = useRouter();
  const queries = useQueryClient();
  const next = nextPath(useSearchParams().get('next'));
  const status = useQuery(trpc.auth.setupStatus.queryOptions({}, { staleTime: 0 }));
  const needsSetup = status.data?.needs_setup === true;
  useEffect(() => {
    if (needsSetup) router.replace('/setup');
  }, [needsSetup, router]);
  const done = () => {
    // Whatever was fetched for nobody, or for someone else, is of no use any more.
    queries.clear();
    router.replace(next);
  };
  return (
    <EntryCard
      title="Sign in"
      description={next === '/workflows' ? undefined : 'Sign in to go on to the page you asked for.'}
      footer="Lost your password? Ask whoever runs this installation to set a new one."
    >
      <SignInForm onDone={done} />
    </EntryCard>
  );
}
