'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { isSignedOut, readProblem } from '#client/problem.ts';
import { api } from '#client/trpc.ts';
import { toast } from '#ui/toast.tsx';

/** Ends the session, forgets what was loaded for it and shows the sign-in page. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  return async () => {
    try {
      await api.auth.logout.mutate({});
    } catch (error) {
      if (!isSignedOut(error)) {
        toast.error('You are still signed in', { description: readProblem(error).message });
        return;
      }
    }
    router.replace('/login');
    queries.clear();
  };
}
