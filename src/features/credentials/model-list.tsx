'use client';

import { useQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Card } from '#ui/card.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { SearchField } from '#ui/search-field.tsx';
import { SkeletonText } from '#ui/skeleton.tsx';

/** Beyond this many a search box helps. */
const MANY = 10;

/** The models a credential gives access to, as its provider says. */
export function ModelList({ credentialId }: { credentialId: number }) {
  const [q, setQ] = useState('');
  const models = useQuery(
    trpc.credentials.models.queryOptions(
      { credential_id: credentialId },
      { staleTime: 300_000, retry: false },
    ),
  );
  const wanted = q.trim().toLowerCase();
  const found = models.data?.filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(wanted)) ?? [];
  return (
    <Card
      title="Models"
      description={
        models.data && models.data.length > 0
          ? `${models.data.length.toLocaleString('en')} to choose from`
          : undefined
      }
      actions={
        <IconButton
          label="Ask again"
          icon={<RefreshCw />}
          loading={models.isFetching}
          onClick={() => void models.refetch()}
        />
      }
    >
      {models.error ? <ErrorNotice compact title={readProblem(models.error).message} /> : null}
      {models.isPending ? <SkeletonText lines={4} /> : null}
      {models.data?.length === 0 ? (
        <p className="text-sm text-muted">The provider names none. Test shows whether it answers at all.</p>
      ) : null}
      {(models.data?.length ?? 0) > MANY ? (
        <SearchField className="mb-2" placeholder="Search models" value={q} onValueChange={setQ} />
      ) : null}
      <ul aria-label="Models" className="max-h-80 overflow-y-auto text-sm">
        {found.map(({ id, name }) => (
          <li key={id} className="flex items-center justify-between gap-3 border-b py-1 last:border-b-0">
            <span className="min-w-0 break-all">
              <span className="font-mono text-xs">{id}</span>
              {name === id ? null : <span className="block text-xs text-subtle">{name}</span>}
            </span>
            <CopyButton value={id} label={`Copy ${id}`} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
