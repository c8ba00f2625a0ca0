'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { FolderCog, Plus, SearchX } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { useSearchState } from '#client/search-state.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Page, PageHeader } from '#ui/page-header.tsx';
import { SearchField } from '#ui/search-field.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import { type ListState, listState } from './list-state.ts';
import type { Sandbox } from './sandbox.ts';
import { SandboxForm } from './sandbox-form.tsx';
import { SandboxTable } from './sandbox-table.tsx';

type Open = { readonly sandbox: Sandbox | null };

/** /workspaces: the person's own folders for programs, with their variables. */
export function SandboxListScreen() {
  const [open, setOpen] = useState<Open | null>(null);
  return (
    <Page>
      <PageHeader
        title="Workspaces"
        description="Folders for the node “Run a program”, each with its own variables. Nobody else sees yours."
        actions={
          <Button variant="primary" icon={<Plus />} onClick={() => setOpen({ sandbox: null })}>
            Create workspace
          </Button>
        }
      />
      <SandboxList onOpen={setOpen} />
      {open ? <SandboxForm sandbox={open.sandbox} onClose={() => setOpen(null)} /> : null}
    </Page>
  );
}

function SandboxList({ onOpen }: { onOpen: (open: Open) => void }) {
  const [state, change] = useSearchState(listState);
  const { q, limit, offset } = state;
  const list = useQuery(
    trpc.sandboxes.list.queryOptions(
      { limit, offset, ...(q !== '' && { q }) },
      { placeholderData: keepPreviousData },
    ),
  );
  const page = list.data;
  return (
    <>
      <SearchField
        className="mb-4 sm:max-w-72"
        value={q}
        onValueChange={(text) => change({ q: text, offset: 0 })}
        placeholder="Search workspaces"
        shortcut="/"
        delay={200}
      />
      {list.error ? (
        <ErrorNotice
          className="mb-4"
          title="The workspaces could not be loaded"
          description={readProblem(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : null}
      {page === undefined ? (
        list.error ? null : (
          <SkeletonTable rows={4} columns={5} />
        )
      ) : page.total === 0 ? (
        <Nothing
          state={state}
          onClear={() => change({ q: '', offset: 0 })}
          onCreate={() => onOpen({ sandbox: null })}
        />
      ) : (
        <SandboxTable
          page={page}
          state={state}
          change={change}
          onEdit={(sandbox) => onOpen({ sandbox })}
          stale={list.isPlaceholderData}
        />
      )}
    </>
  );
}

interface NothingProps {
  state: ListState;
  onClear: () => void;
  onCreate: () => void;
}

function Nothing({ state, onClear, onCreate }: NothingProps) {
  if (state.q !== '') {
    return (
      <EmptyState
        icon={<SearchX />}
        title="Nothing matches"
        description={`No workspace fits the search “${state.q}”.`}
        actions={<Button onClick={onClear}>Clear the search</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={<FolderCog />}
      title="No workspaces yet"
      description="Make one for programs that keep files between runs or need variables of their own."
      actions={
        <Button variant="primary" icon={<Plus />} onClick={onCreate}>
          Create workspace
        </Button>
      }
    />
  );
}
