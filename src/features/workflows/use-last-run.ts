'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';

export type LastRun = OutputOf<'executions', 'list'>['items'][number];

/**
 * The newest run by workflow slug, as far as it is among the last 200 of all: one question for the whole list.
 * Undefined until known.
 */
export function useLastRuns(): ReadonlyMap<string, LastRun> | undefined {
  const { data } = useQuery(trpc.executions.list.queryOptions({ limit: 200 }, { refetchInterval: 15_000 }));
  return useMemo(() => {
    if (!data) return undefined;
    const newest = new Map<string, LastRun>();
    for (const run of data.items) if (!newest.has(run.workflow_slug)) newest.set(run.workflow_slug, run);
    return newest;
  }, [data]);
}
