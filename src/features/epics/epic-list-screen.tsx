'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { KanbanSquare, Plus, SearchX } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { useSearchState } from '#client/search-state.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Page, PageHeader } from '#ui/page-header.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import { EpicDialog } from './epic-dialog.tsx';
import { EpicFilter } from './epic-filter.tsx';
import { EpicTable } from './epic-table.tsx';
import { listState } from './list-state.ts';

const REFRESH_MS = 10_000;

/** /epics: what is worked on, and how far it is. */
export function EpicListScreen() {
  const [state, change] = useSearchState(listState);
  const [creating, setCreating] = useState(false);
  const { q, status, tag, sort, limit, offset } = state;
  const list = useQuery(
    trpc.epics.list.queryOptions(
      {
        limit,
        offset,
        sort,
        ...(q !== '' && { q }),
        ...(status !== '' && { status }),
        ...(tag !== '' && { tags: tag }),
      },
      { placeholderData: keepPreviousData, refetchInterval: REFRESH_MS },
    ),
  );
  const filtered = q !== '' || status !== '' || tag !== '';
  const empty = list.data?.total === 0;
  const create = () => setCreating(true);
  return (
    <Page>
      <PageHeader
        title="Epics"
        actions={
          <Button variant="primary" icon={<Plus />} onClick={create}>
            Create epic
          </Button>
        }
      />
      {empty && !filtered ? null : <EpicFilter state={state} change={change} />}
      {list.error ? (
        <ErrorNotice
          className="mb-4"
          title="The epics could not be loaded"
          description={readProblem(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : null}
      {list.data === undefined ? (
        list.error ? null : (
          <SkeletonTable rows={8} columns={5} />
        )
      ) : empty ? (
        <NoEpic
          filtered={filtered}
          onCreate={create}
          onClear={() => change({ q: '', status: '', tag: '', offset: 0 })}
        />
      ) : (
        <EpicTable page={list.data} state={state} change={change} stale={list.isPlaceholderData} />
      )}
      {creating ? <EpicDialog onClose={() => setCreating(false)} /> : null}
    </Page>
  );
}

interface NoEpicProps {
  filtered: boolean;
  onCreate: () => void;
  onClear: () => void;
}

function NoEpic({ filtered, onCreate, onClear }: NoEpicProps) {
  if (filtered) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="Nothing matches"
        description="No epic fits this search and filter."
        actions={<Button onClick={onClear}>Clear the filter</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={<KanbanSquare />}
      title="No epics yet"
      description="An epic is a goal made of tasks that depend on each other. Tasks can be linked with runs of workflows."
      actions={
        <Button variant="primary" icon={<Plus />} onClick={onCreate}>
          Create epic
        </Button>
      }
    />
  );
}
