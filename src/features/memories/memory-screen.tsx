'use client';

import { Brain, Lock, SearchX, SlidersHorizontal } from 'lucide-react';
import { readProblem } from '#client/problem.ts';
import { useSearchState } from '#client/search-state.ts';
import { Button, ButtonLink } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Page, PageHeader } from '#ui/page-header.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import { TabPanel, Tabs } from '#ui/tabs.tsx';
import { KIND_WORDS, KINDS, type Kind, type MemoryPage } from './kind.ts';
import { isFiltered, type ListState, listState, NO_FILTER } from './list-state.ts';
import { MemoryFilter } from './memory-filter.tsx';
import { MemoryTable } from './memory-table.tsx';
import { type MemoryQuery, useMemories } from './use-memories.ts';
import { VIEWS } from './view.tsx';

const TABS = KINDS.map((kind) => ({ value: kind, label: KIND_WORDS[kind].label }));

/** /memories: what agents have kept, and how to make them forget it. For administrators. */
export function MemoryScreen() {
  const [state, change] = useSearchState(listState);
  const { kind } = state;
  const toKind = (value: string) => {
    const next = KINDS.find((one) => one === value);
    if (next && next !== kind) change({ ...NO_FILTER, kind: next }, { step: true });
  };
  return (
    <Page>
      <PageHeader
        title="Memories"
        description="What agents have kept between runs. They look here before they answer; what is deleted is forgotten."
        actions={
          <ButtonLink href="/settings/models?view=memory" icon={<SlidersHorizontal />}>
            Search settings
          </ButtonLink>
        }
      />
      <Tabs value={kind} onValueChange={toKind} items={TABS} ariaLabel="Kinds of memories">
        <TabPanel value={kind}>
          <MemoryList key={kind} kind={kind} state={state} change={change} />
        </TabPanel>
      </Tabs>
    </Page>
  );
}

interface MemoryListProps<K extends Kind> {
  kind: K;
  state: ListState;
  change: (change: Partial<ListState>, how?: { step?: boolean }) => void;
}

function MemoryList<K extends Kind>({ kind, state, change }: MemoryListProps<K>) {
  const list: MemoryQuery<MemoryPage<K>> = useMemories(kind, state);
  const problem = list.error ? readProblem(list.error) : null;
  if (problem?.code === 'forbidden') return <NotAllowed />;
  const { page } = list;
  const filtered = isFiltered(state);
  const empty = page?.total === 0;
  return (
    <>
      {empty && !filtered ? <div className="h-4" /> : <MemoryFilter state={state} change={change} />}
      {problem ? (
        <ErrorNotice
          className="mb-4"
          title="The memories could not be loaded"
          description={problem.message}
          onRetry={list.retry}
        />
      ) : null}
      {page === undefined ? (
        problem ? null : (
          <SkeletonTable rows={8} columns={5} />
        )
      ) : empty ? (
        <Nothing kind={kind} filtered={filtered} onClear={() => change(NO_FILTER)} />
      ) : (
        <MemoryTable
          kind={kind}
          view={VIEWS[kind]}
          items={page.items}
          total={page.total}
          state={state}
          change={change}
          stale={list.stale}
        />
      )}
    </>
  );
}

function Nothing({ kind, filtered, onClear }: { kind: Kind; filtered: boolean; onClear: () => void }) {
  const { many, filledBy } = KIND_WORDS[kind];
  if (filtered) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="Nothing matches"
        description={`There are no ${many} that fit the search and the filters.`}
        actions={<Button onClick={onClear}>Clear search and filters</Button>}
      />
    );
  }
  return <EmptyState icon={<Brain />} title={`No ${many} yet`} description={filledBy} />;
}

function NotAllowed() {
  return (
    <EmptyState
      className="mt-4"
      icon={<Lock />}
      title="Only administrators see this"
      description="Agents’ memories hold what they were told in every workflow. Ask an administrator of this installation."
    />
  );
}
