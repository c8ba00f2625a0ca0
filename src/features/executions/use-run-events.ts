'use client';

import { useEffect, useState } from 'react';
import { subscribe } from '#client/live.ts';
import { api, queryClient, trpc } from '#client/trpc.ts';
import type { RunEvent, RunEventType } from '#domain/run/event.ts';

const PAGE = 1000;
const NONE: readonly RunEvent[] = [];

/**
 * The events of a run, first those that are stored, then each as it happens. Whenever something has happened the
 * run itself is fetched anew, at most twice a second.
 */
export function useRunEvents(executionId: string): { events: readonly RunEvent[]; error: unknown } {
  const [known, setKnown] = useState<{ id: string; events: readonly RunEvent[] }>({
    id: executionId,
    events: NONE,
  });
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let stop = () => {};
    let left = false;
    const collected: RunEvent[] = [];
    const publish = batch(() => setKnown({ id: executionId, events: [...collected] }), 100);
    const refresh = batch(() => refetchRun(executionId), 500);
    const listen = (afterSeq: number) => {
      stop = subscribe(`execution:${executionId}`, {
        afterSeq,
        onMessage: ({ type, seq, timestamp, data }) => {
          if (seq === undefined) return;
          collected.push({ seq, type: type as RunEventType, timestamp, data });
          publish();
          refresh();
        },
        onReady: (again) => {
          if (again) refresh();
        },
      });
    };
    loadStored(executionId, collected).then(
      (lastSeq) => {
        if (left) return;
        publish();
        listen(lastSeq);
      },
      (reason: unknown) => setError(reason),
    );
    return () => {
      left = true;
      stop();
    };
  }, [executionId]);
  return { events: known.id === executionId ? known.events : NONE, error };
}

async function loadStored(executionId: string, into: RunEvent[]): Promise<number> {
  let after = 0;
  for (;;) {
    const page = await api.executions.events.query({
      execution_id: executionId,
      after_seq: after,
      limit: PAGE,
    });
    into.push(...(page.items as readonly RunEvent[]));
    const last = page.items.at(-1)?.seq ?? after;
    if (page.items.length < PAGE || last === after) return last;
    after = last;
  }
}

function refetchRun(executionId: string): void {
  void queryClient.invalidateQueries({
    queryKey: trpc.executions.get.queryKey({ execution_id: executionId }),
  });
}

/** Runs `action` once for every burst of calls, `ms` after the first. */
function batch(action: () => void, ms: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      action();
    }, ms);
  };
}
