'use client';

import { ListTree, RefreshCw, SearchX } from 'lucide-react';
import { type FocusEvent, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { useSearchState } from '#client/search-state.ts';
import { Button, ButtonLink } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Page, PageHeader } from '#ui/page-header.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import { ExecutionFilter } from './execution-filter.tsx';
import { ExecutionTable } from './execution-table.tsx';
import { listState } from './list-state.ts';
import { useLiveList } from './use-live-list.ts';
import { WaitingList } from './waiting-list.tsx';

/** /executions: every run of the person's workflows, newest first, kept up to date. */
export function ExecutionListScreen() {
  const [state, change] = useSearchState(listState);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [touched, setTouched] = useState(false);
  const { list, page, release, refresh } = useLiveList(state, touched || selected.size > 0);
  const filtered = state.status !== '' || state.workflow !== '';
  const leave = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setTouched(false);
  };
  return (
    <Page>
      <PageHeader title="Executions" />
      <WaitingList />
      {page?.total === 0 && !filtered ? null : (
        <ExecutionFilter state={state} change={change}>
          {page && page.fresh > 0 ? (
            <Button icon={<RefreshCw />} onClick={release}>
              {page.fresh} new – show
            </Button>
          ) : null}
        </ExecutionFilter>
      )}
      {list.error ? (
        <ErrorNotice
          className="mb-4"
          title="The executions could not be loaded"
          description={readProblem(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : null}
      {page === undefined ? (
        list.error ? null : (
          <SkeletonTable rows={10} columns={5} />
        )
      ) : page.total === 0 ? (
        <NoExecution filtered={filtered} onClear={() => change({ status: '', workflow: '', offset: 0 })} />
      ) : (
        <div
          onPointerEnter={(event) => setTouched(event.pointerType === 'mouse')}
          onPointerLeave={() => setTouched(false)}
          onFocus={() => setTouched(true)}
          onBlur={leave}
        >
          <ExecutionTable
            page={page}
            state={state}
            change={change}
            selected={selected}
            onSelect={setSelected}
            onChanged={() => void refresh()}
            stale={list.isPlaceholderData}
          />
        </div>
      )}
    </Page>
  );
}

function NoExecution({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="Nothing matches"
        description="No execution has this status in this workflow."
        actions={<Button onClick={onClear}>Clear the filter</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={<ListTree />}
      title="Nothing has run yet"
      description="Open a workflow and press Run, or send a request to the address of a webhook trigger."
      actions={
        <ButtonLink href="/workflows" variant="primary">
          Go to workflows
        </ButtonLink>
      }
    />
  );
}
