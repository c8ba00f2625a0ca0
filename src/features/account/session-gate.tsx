'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { isSignedOut, readProblem } from '#client/problem.ts';
import { onSignedOut, trpc } from '#client/trpc.ts';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Spinner } from '#ui/spinner.tsx';
import { loginPath } from './next-path.ts';
import { SignedOutDialog } from './signed-out-dialog.tsx';

/**
 * Shows its children to a signed-in person only. Somebody who arrives signed out goes to /login (to /setup while
 * there is no account) and comes back afterwards. A session that ends while the page is open is renewed in place,
 * so nothing typed is lost.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const router = useRouter();
  const here = useHere();
  const me = useQuery(trpc.auth.me.queryOptions({}, { retry: retryUnlessSignedOut, staleTime: 60_000 }));
  const arrivedSignedOut = me.data === undefined && isSignedOut(me.error);
  const status = useQuery(
    trpc.auth.setupStatus.queryOptions({}, { enabled: arrivedSignedOut, staleTime: 0 }),
  );
  const needsSetup = status.data?.needs_setup;
  const ended = useSessionEnded();
  useEffect(() => {
    if (!arrivedSignedOut || needsSetup === undefined) return;
    router.replace(needsSetup ? '/setup' : loginPath(here));
  }, [arrivedSignedOut, needsSetup, here, router]);

  if (me.data) {
    return (
      <>
        {children}
        <SignedOutDialog
          open={ended.ended}
          username={me.data.username}
          here={here}
          onSignedIn={ended.reset}
        />
      </>
    );
  }
  const failure = arrivedSignedOut ? status.error : me.error;
  if (failure)
    return <Unreachable message={readProblem(failure).message} onRetry={() => void me.refetch()} />;
  return (
    <div className="grid min-h-dvh place-items-center bg-bg">
      <Spinner size="lg" label="Loading" />
    </div>
  );
}

const retryUnlessSignedOut = (failures: number, error: unknown): boolean =>
  !isSignedOut(error) && failures < 2;

function useHere(): string {
  const path = usePathname();
  const query = useSearchParams().toString();
  return query === '' ? path : `${path}?${query}`;
}

/** Whether a call was answered with 401 since the last sign-in. */
function useSessionEnded(): { ended: boolean; reset: () => void } {
  const queries = useQueryClient();
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    onSignedOut(() => setEnded(true));
    return () => onSignedOut(() => undefined);
  }, []);
  const reset = () => {
    setEnded(false);
    void queries.invalidateQueries();
  };
  return { ended, reset };
}

function Unreachable({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <main className="grid min-h-dvh place-items-center bg-bg p-4">
      <ErrorNotice
        className="w-full max-w-120"
        title="Pipewright does not answer"
        description={message}
        onRetry={onRetry}
      />
    </main>
  );
}
