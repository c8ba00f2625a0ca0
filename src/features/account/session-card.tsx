'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Card } from '#ui/card.tsx';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Pagination } from '#ui/pagination.tsx';
import { SkeletonText } from '#ui/skeleton.tsx';
import { toast } from '#ui/toast.tsx';
import { SessionRow } from './session-row.tsx';

const LIMIT = 10;

/** Every browser and program that is signed in with the person's password, and the way to sign them out. */
export function SessionCard() {
  const [page, setPage] = useState({ limit: LIMIT, offset: 0 });
  const list = useQuery(trpc.sessions.list.queryOptions(page));
  const others = list.data?.items.some((session) => !session.current) ?? false;
  return (
    <Card
      title="Where you are signed in"
      description="Browsers, and programs that signed in with your password. API keys have a list of their own."
      footer={others ? <EndOthers /> : undefined}
      padded={list.data === undefined}
    >
      {list.error && !list.data ? (
        <ErrorNotice
          compact
          title="The sessions could not be loaded"
          description={readProblem(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : list.data === undefined ? (
        <SkeletonText lines={4} />
      ) : (
        <>
          <ul aria-label="Sessions">
            {list.data.items.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </ul>
          {list.data.total > LIMIT ? (
            <Pagination
              {...page}
              total={list.data.total}
              onChange={setPage}
              limits={[LIMIT, 50]}
              className="px-4 pb-3"
            />
          ) : null}
        </>
      )}
    </Card>
  );
}

function EndOthers() {
  const confirm = useConfirm();
  const end = useMutation(
    trpc.sessions.revokeOthers.mutationOptions({
      onSuccess: async ({ revoked }) => {
        await queryClient.invalidateQueries({ queryKey: trpc.sessions.list.queryKey() });
        toast.success(`${revoked} ${revoked === 1 ? 'session was' : 'sessions were'} signed out`);
      },
      onError: (error) => {
        toast.error('The sessions could not be ended', { description: readProblem(error).message });
      },
    }),
  );
  const ask = async () => {
    const sure = await confirm({
      title: 'Sign out everywhere else?',
      description: 'Every other browser and program has to sign in again. API keys stay valid.',
      confirmLabel: 'Sign out others',
      tone: 'danger',
    });
    if (sure) end.mutate({});
  };
  return (
    <Button loading={end.isPending} onClick={() => void ask()}>
      Sign out others
    </Button>
  );
}
