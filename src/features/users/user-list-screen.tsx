'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { SearchX, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { useSearchState } from '#client/search-state.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { SectionHeader } from '#ui/section-header.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import { CreateUserDialog } from './create-user-dialog.tsx';
import { listState } from './list-state.ts';
import { UserFilter } from './user-filter.tsx';
import { UserTable } from './user-table.tsx';

/** /settings/users: everybody with an account on this installation. */
export function UserListScreen() {
  const [state, change] = useSearchState(listState);
  const [creating, setCreating] = useState(false);
  const { q, role, state: active, sort, limit, offset } = state;
  const list = useQuery(
    trpc.users.list.queryOptions(
      {
        limit,
        offset,
        sort,
        ...(q !== '' && { q }),
        ...(role !== '' && { role }),
        ...(active !== '' && { is_active: active === 'active' }),
      },
      { placeholderData: keepPreviousData },
    ),
  );
  const page = list.data;
  return (
    <>
      <SectionHeader
        title="Users"
        description="Everybody who can sign in to this installation. Programs have accounts of their own under Agents."
        actions={
          <Button variant="primary" icon={<UserPlus />} onClick={() => setCreating(true)}>
            Create user
          </Button>
        }
      />
      <div>
        <UserFilter state={state} change={change} />
        {list.error ? (
          <ErrorNotice
            className="mb-4"
            title="The users could not be loaded"
            description={readProblem(list.error).message}
            onRetry={() => void list.refetch()}
          />
        ) : null}
        {page === undefined ? (
          list.error ? null : (
            <SkeletonTable rows={6} columns={5} />
          )
        ) : page.total === 0 ? (
          <EmptyState
            icon={<SearchX />}
            title="Nobody matches"
            description="No user fits this search and these filters."
            actions={
              <Button onClick={() => change({ q: '', role: '', state: '', offset: 0 })}>
                Clear the filters
              </Button>
            }
          />
        ) : (
          <UserTable page={page} state={state} change={change} stale={list.isPlaceholderData} />
        )}
      </div>
      {creating ? <CreateUserDialog onClose={() => setCreating(false)} /> : null}
    </>
  );
}
