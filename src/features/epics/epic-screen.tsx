'use client';

import { useQuery } from '@tanstack/react-query';
import { SearchX } from 'lucide-react';
import { useStore } from 'zustand';
import { liveStore } from '#client/live.ts';
import { readProblem } from '#client/problem.ts';
import { type SearchState, useSearchState } from '#client/search-state.ts';
import { trpc } from '#client/trpc.ts';
import { ButtonLink } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Page } from '#ui/page-header.tsx';
import { Skeleton } from '#ui/skeleton.tsx';
import { Board } from './board.tsx';
import { boardOf } from './epic.ts';
import { EpicHeader } from './epic-header.tsx';
import { TaskDrawer } from './task-drawer.tsx';
import { useEpicEvents } from './use-epic-events.ts';

/** Without live messages the board is asked for this often. */
const POLL_MS = 4_000;

/** The open task lives in the address. */
const drawerState: SearchState<{ readonly task: string }> = {
  read: (params) => ({ task: params.get('task')?.slice(0, 100) ?? '' }),
  write: ({ task }) => new URLSearchParams(task === '' ? {} : { task }),
};

/** /epics/[id]: an epic with the board of its tasks, live. */
export function EpicScreen({ epicId }: { epicId: string }) {
  const live = useStore(liveStore, (state) => state.status === 'open');
  const [{ task: openId }, change] = useSearchState(drawerState);
  const poll = { refetchInterval: live ? (false as const) : POLL_MS };
  const epic = useQuery(trpc.epics.get.queryOptions({ epic_id: epicId }, poll));
  const tasks = useQuery(trpc.epics.tasks.queryOptions(boardOf(epicId), poll));
  useEpicEvents(epicId);
  const error = epic.error ?? tasks.error;
  if (error) {
    return (
      <Page>
        <NotShown
          error={error}
          onRetry={() => {
            void epic.refetch();
            void tasks.refetch();
          }}
        />
      </Page>
    );
  }
  if (!epic.data || !tasks.data) return <Loading />;
  const open = tasks.data.items.find((one) => one.id === openId);
  return (
    <Page width="full" className="flex min-h-full flex-col">
      <EpicHeader epic={epic.data} tasks={tasks.data.items} />
      <Board
        epicId={epicId}
        tasks={tasks.data.items}
        total={tasks.data.total}
        onOpen={(id) => change({ task: id }, { step: true })}
      />
      {open ? (
        <TaskDrawer
          key={open.id}
          task={open}
          tasks={tasks.data.items}
          onOpen={(id) => change({ task: id })}
          onClose={() => change({ task: '' })}
        />
      ) : null}
    </Page>
  );
}

function NotShown({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const problem = readProblem(error);
  if (problem.status === 404) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="This epic does not exist"
        description="It may have been deleted, or it belongs to someone else."
        actions={<ButtonLink href="/epics">All epics</ButtonLink>}
      />
    );
  }
  return <ErrorNotice title="The epic could not be loaded" description={problem.message} onRetry={onRetry} />;
}

function Loading() {
  return (
    <Page width="full">
      <span role="status" className="sr-only">
        Loading
      </span>
      <Skeleton className="mb-2 h-6 w-64" />
      <Skeleton className="mb-6 w-96" />
      <div className="flex gap-4 overflow-hidden">
        {['a', 'b', 'c', 'd'].map((key) => (
          <Skeleton key={key} className="h-90 w-60 shrink-0 rounded-lg" />
        ))}
      </div>
    </Page>
  );
}
