'use client';

import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus, SearchX } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { useSearchState } from '#client/search-state.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Link } from '#ui/link.tsx';
import { SectionHeader } from '#ui/section-header.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import { ApiKeyFilter } from './api-key-filter.tsx';
import { ApiKeyTable } from './api-key-table.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { keyListState, shownKeys } from './key-list-state.ts';

/** /settings/api-keys: the keys that programs sign in with. */
export function ApiKeyScreen() {
  const [state, change] = useSearchState(keyListState);
  const [creating, setCreating] = useState(false);
  const keys = useQuery(trpc.users.keys.queryOptions({}));
  const shown = keys.data && shownKeys(keys.data, state);
  const none = keys.data?.every((key) => !key.is_active) === true && !state.revoked && state.q === '';
  const create = (
    <Button variant="primary" icon={<Plus />} onClick={() => setCreating(true)}>
      Create key
    </Button>
  );
  return (
    <>
      <SectionHeader
        title="API keys"
        description={
          <>
            Programs sign in with <code className="font-mono text-xs">Authorization: Bearer</code> and a key.
            See the{' '}
            <Link href="/docs" className="text-link hover:underline">
              API reference
            </Link>
            .
          </>
        }
        actions={none ? undefined : create}
      />
      <div>
        {keys.data === undefined || (none && keys.data.length === 0) ? null : (
          <ApiKeyFilter state={state} change={change} />
        )}
        {keys.error && !keys.data ? (
          <ErrorNotice
            title="The keys could not be loaded"
            description={readProblem(keys.error).message}
            onRetry={() => void keys.refetch()}
          />
        ) : shown === undefined ? (
          <SkeletonTable rows={4} columns={4} />
        ) : none ? (
          <EmptyState
            icon={<KeyRound />}
            title="No keys yet"
            description="Make one for each program, so that each can be revoked alone."
            actions={create}
          />
        ) : shown.length === 0 ? (
          <EmptyState
            icon={<SearchX />}
            title="Nothing matches"
            description={`No key fits the search “${state.q}”.`}
            actions={<Button onClick={() => change({ q: '' })}>Clear the search</Button>}
          />
        ) : (
          <ApiKeyTable keys={shown} state={state} change={change} />
        )}
      </div>
      {creating ? <CreateKeyDialog onClose={() => setCreating(false)} /> : null}
    </>
  );
}
