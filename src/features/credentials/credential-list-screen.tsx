'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { useSearchState } from '#client/search-state.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Page, PageHeader } from '#ui/page-header.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import type { Credential } from './credential.ts';
import { CredentialFilter } from './credential-filter.tsx';
import { CreateCredential, EditCredential } from './credential-form.tsx';
import { CredentialTable } from './credential-table.tsx';
import { type ListState, listState } from './list-state.ts';
import { NoCredential } from './no-credential.tsx';

/** /credentials: the keys and logins of the person's environment; none of them can be read here. */
export function CredentialListScreen() {
  const [state, change] = useSearchState(listState);
  const [creating, setCreating] = useState(false);
  const create = () => setCreating(true);
  return (
    <Page>
      <PageHeader
        title="Credentials"
        actions={
          <Button variant="primary" icon={<Plus />} onClick={create}>
            New credential
          </Button>
        }
      />
      <CredentialList state={state} change={change} onCreate={create} />
      {creating ? <CreateCredential onClose={() => setCreating(false)} /> : null}
    </Page>
  );
}

interface CredentialListProps {
  state: ListState;
  change: (change: Partial<ListState>, how?: { step?: boolean }) => void;
  onCreate: () => void;
}

function CredentialList({ state, change, onCreate }: CredentialListProps) {
  const { q, type, sort, limit, offset } = state;
  const [editing, setEditing] = useState<Credential | null>(null);
  const list = useQuery(
    trpc.credentials.list.queryOptions(
      { limit, offset, sort, ...(q !== '' && { q }), ...(type !== '' && { type }) },
      { placeholderData: keepPreviousData },
    ),
  );
  const page = list.data;
  const filtered = q !== '' || type !== '';
  const empty = page?.total === 0;
  return (
    <>
      {empty && !filtered ? null : <CredentialFilter state={state} change={change} />}
      {list.error ? (
        <ErrorNotice
          className="mb-4"
          title="The credentials could not be loaded"
          description={readProblem(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : null}
      {page === undefined ? (
        list.error ? null : (
          <SkeletonTable rows={6} columns={5} />
        )
      ) : empty ? (
        <NoCredential
          filtered={filtered}
          onClear={() => change({ q: '', type: '', offset: 0 })}
          onCreate={onCreate}
        />
      ) : (
        <CredentialTable
          page={page}
          state={state}
          change={change}
          onEdit={setEditing}
          stale={list.isPlaceholderData}
        />
      )}
      {editing ? <EditCredential credential={editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}
