'use client';

import { useEffect } from 'react';
import { type LiveMessage, subscribe } from '#client/live.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { afterEvent } from './board-order.ts';
import { boardOf, type Epic } from './epic.ts';

const REFRESH_MS = 300;

/** Keeps an epic and its board up to date with what the server announces. */
export function useEpicEvents(epicId: string): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The counters are not in the events of tasks.
    const refreshSoon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queryClient.invalidateQueries({ queryKey: trpc.epics.get.queryKey({ epic_id: epicId }) });
      }, REFRESH_MS);
    };
    const stop = subscribe(`epic:${epicId}`, {
      onMessage: (message) => {
        apply(epicId, message);
        if (message.type.startsWith('task')) refreshSoon();
      },
      onReady: (again) => {
        if (again) refetchEpic(epicId);
      },
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [epicId]);
}

function apply(epicId: string, message: LiveMessage): void {
  const one = trpc.epics.get.queryKey({ epic_id: epicId });
  if (message.type === 'epic_updated') {
    queryClient.setQueryData(one, message.data as unknown as Epic);
    return;
  }
  if (message.type === 'epic_deleted') {
    void queryClient.invalidateQueries({ queryKey: one });
    return;
  }
  queryClient.setQueryData(trpc.epics.tasks.queryKey(boardOf(epicId)), (page) => {
    if (!page) return page;
    const items = afterEvent(page.items, message);
    return items === page.items
      ? page
      : { items: [...items], total: page.total + items.length - page.items.length };
  });
}

/** Asks for the epic and its tasks again. */
export function refetchEpic(epicId: string): void {
  void queryClient.invalidateQueries({ queryKey: trpc.epics.get.queryKey({ epic_id: epicId }) });
  void queryClient.invalidateQueries({ queryKey: trpc.epics.tasks.queryKey(boardOf(epicId)) });
}
