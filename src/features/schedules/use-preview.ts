'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { api } from '#client/trpc.ts';
import { type Draft, type Faults, faultsFrom, timingOf } from './schedule-draft.ts';

const TYPING_MS = 250;

interface Preview {
  /** ISO times; none while they are not known. */
  readonly fires: readonly string[];
  readonly faults: Faults;
  readonly pending: boolean;
  /** Too little is filled in to ask. */
  readonly blank: boolean;
}

/** The next five runs of settings that are being edited, and what is wrong with them, in the server's words. */
export function usePreview(draft: Draft): Preview {
  const wanted = JSON.stringify(timingOf(draft));
  const timing = useSettled(wanted);
  const blank = draft.mode === 'cron' ? draft.cron.trim() === '' : draft.every === null;
  const query = useQuery({
    queryKey: ['schedule-preview', timing],
    queryFn: () => api.schedules.preview.mutate(JSON.parse(timing) as ReturnType<typeof timingOf>),
    enabled: !blank,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const settled = timing === wanted && !query.isPlaceholderData;
  if (blank) return { fires: [], faults: {}, pending: false, blank };
  if (settled && query.error) {
    return { fires: [], faults: faultsFrom(readProblem(query.error)), pending: false, blank };
  }
  const fires = query.data?.items.map((one) => one.fire_at) ?? [];
  return { fires, faults: {}, pending: !settled || query.isPending, blank };
}

/** The value as it was when typing last stopped. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
