'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { holdPage } from './held-page.ts';
import type { ListState } from './list-state.ts';

export type ExecutionPage = OutputOf<'executions', 'list'>;
export type Execution = ExecutionPage['items'][number];

const REFRESH_MS = 3_000;

/**
 * The page of runs, asked for again every few seconds. While `held`, rows neither move nor disappear under the
 * pointer: they only change their state, and `fresh` counts what has arrived meanwhile.
 */
export function useLiveList(state: ListState, held: boolean) {
  const { status, workflow, limit, offset } = state;
  const list = useQuery(
    trpc.executions.list.queryOptions(
      {
        limit,
        offset,
        ...(status !== '' && { status }),
        ...(workflow !== '' && { workflow_slug: workflow }),
      },
      { placeholderData: keepPreviousData, refetchInterval: REFRESH_MS },
    ),
  );
  const key = `${status} ${workflow} ${limit} ${offset}`;
  const [shown, setShown] = useState<{ readonly key: string; readonly page: ExecutionPage } | null>(null);
  const live = list.isPlaceholderData ? undefined : list.data;
  const keep = held && shown?.key === key;
  if (live && !keep && shown?.page !== live) setShown({ key, page: live });
  const release = () => {
    if (live) setShown({ key, page: live });
  };
  /** Shows what is there by now, held or not; `live` is of the rendering before. */
  const refresh = async () => {
    const { data } = await list.refetch();
    if (data) setShown({ key, page: data });
  };
  const base = shown?.page ?? list.data;
  const page =
    base && live && keep ? holdPage(base, live, (one) => one.execution_id) : base && { ...base, fresh: 0 };
  return { list, page, release, refresh };
}
