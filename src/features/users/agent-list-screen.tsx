'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Bot, Plus, SearchX } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { useSearchState } from '#client/search-state.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { SearchField } from '#ui/search-field.tsx';
import { SectionHeader } from '#ui/section-header.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import { agentListState } from './agent-list-state.ts';
import { AgentTable } from './agent-table.tsx';
import { CreateAgentDialog } from './create-agent-dialog.tsx';

/** /settings/agents: accounts for programs. */
export function AgentListScreen() {
  const [state, change] = useSearchState(agentListState);
  const [creating, setCreating] = useState(false);
  const { q, limit, offset } = state;
  const list = useQuery(
    trpc.agents.list.queryOptions(
      { limit, offset, ...(q !== '' && { q }) },
      { placeholderData: keepPreviousData },
    ),
  );
  const create = (
    <Button variant="primary" icon={<Plus />} onClick={() => setCreating(true)}>
      Create agent
    </Button>
  );
  const page = list.data;
  const none = page?.total === 0;
  return (
    <>
      <SectionHeader
        title="Agents"
        description="Accounts for programs: a key and no password. What an agent makes belongs to it, apart from your own."
        actions={none && q === '' ? undefined : create}
      />
      <div>
        {none && q === '' ? null : (
          <SearchField
            className="mb-4 sm:max-w-72"
            value={q}
            onValueChange={(text) => change({ q: text, offset: 0 })}
            placeholder="Search agents"
            shortcut="/"
            delay={200}
          />
        )}
        {list.error ? (
          <ErrorNotice
            className="mb-4"
            title="The agents could not be loaded"
            description={readProblem(list.error).message}
            onRetry={() => void list.refetch()}
          />
        ) : null}
        {page === undefined ? (
          list.error ? null : (
            <SkeletonTable rows={5} columns={4} />
          )
        ) : none ? (
          <NoAgent search={q} create={create} onClear={() => change({ q: '', offset: 0 })} />
        ) : (
          <AgentTable page={page} state={state} change={change} stale={list.isPlaceholderData} />
        )}
      </div>
      {creating ? <CreateAgentDialog onClose={() => setCreating(false)} /> : null}
    </>
  );
}

interface NoAgentProps {
  search: string;
  create: ReactNode;
  onClear: () => void;
}

function NoAgent({ search, create, onClear }: NoAgentProps) {
  if (search !== '') {
    return (
      <EmptyState
        icon={<SearchX />}
        title="Nothing matches"
        description={`No agent fits the search “${search}”.`}
        actions={<Button onClick={onClear}>Clear the search</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={<Bot />}
      title="No agents yet"
      description="Make one for a program that should own its workflows instead of sharing your account."
      actions={create}
    />
  );
}
