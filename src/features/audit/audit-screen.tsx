'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ScrollText, SearchX } from 'lucide-react';
import { useMemo, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { useSearchState } from '#client/search-state.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { SectionHeader } from '#ui/section-header.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import type { AuditEvent } from './audit-event.ts';
import { AuditFilter } from './audit-filter.tsx';
import { AuditTable } from './audit-table.tsx';
import { ChainCheck } from './chain-check.tsx';
import { EventDrawer } from './event-drawer.tsx';
import { boundsOf, isFiltered, type ListState, listState, NO_FILTER } from './list-state.ts';

/** /settings/audit: who did what to accounts, keys, credentials and workflows. */
export function AuditScreen() {
  const [state, change] = useSearchState(listState);
  const [shown, setShown] = useState<AuditEvent | null>(null);
  const list = useAuditList(state);
  const filtered = isFiltered(state);
  return (
    <>
      <ChainCheck>
        {(button) => (
          <SectionHeader
            title="Audit log"
            description="Entries are only ever added, each bound to the one before it by a hash. Secrets are never among them."
            actions={button}
          />
        )}
      </ChainCheck>
      <div>
        {list.data?.total === 0 && !filtered ? null : <AuditFilter state={state} change={change} />}
        {list.error ? (
          <ErrorNotice
            className="mb-4"
            title="The audit log could not be loaded"
            description={readProblem(list.error).message}
            onRetry={() => void list.refetch()}
          />
        ) : null}
        {list.data === undefined ? (
          list.error ? null : (
            <SkeletonTable rows={12} columns={4} />
          )
        ) : list.data.total === 0 ? (
          <NoEvent filtered={filtered} onClear={() => change(NO_FILTER)} />
        ) : (
          <AuditTable
            page={list.data}
            state={state}
            change={change}
            stale={list.isPlaceholderData}
            onOpen={setShown}
          />
        )}
      </div>
      <EventDrawer
        event={shown}
        onClose={() => setShown(null)}
        onActor={(actor) => {
          setShown(null);
          change({ ...NO_FILTER, actor });
        }}
      />
    </>
  );
}

function useAuditList(state: ListState) {
  const { q, action, actor, period, from, to, sort, limit, offset } = state;
  // Counted from the moment the period was chosen; the clock alone asks nothing anew.
  const bounds = useMemo(() => boundsOf({ period, from, to }, Date.now()), [period, from, to]);
  return useQuery(
    trpc.audit.list.queryOptions(
      {
        limit,
        offset,
        sort,
        ...bounds,
        ...(q !== '' && { q }),
        ...(action !== '' && { action }),
        ...(actor !== '' && { actor }),
      },
      { placeholderData: keepPreviousData },
    ),
  );
}

function NoEvent({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="Nothing matches"
        description="No entry fits these filters."
        actions={<Button onClick={onClear}>Clear the filters</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={<ScrollText />}
      title="Nothing has happened yet"
      description="Signing in, keys, users, credentials and changes to these settings will appear here."
    />
  );
}
