'use client';

import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Card } from '#ui/card.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Link } from '#ui/link.tsx';
import { SkeletonText } from '#ui/skeleton.tsx';
import { ApiKeyTable } from './api-key-table.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';

/** /settings/api-keys: the keys that programs sign in with. */
export function ApiKeyScreen() {
  const [creating, setCreating] = useState(false);
  const keys = useQuery(trpc.users.keys.queryOptions({}));
  const active = keys.data?.filter((key) => key.is_active);
  return (
    <>
      <Card
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
        actions={
          <Button variant="primary" icon={<Plus />} onClick={() => setCreating(true)}>
            Create key
          </Button>
        }
        padded={active === undefined || active.length === 0}
      >
        {keys.error ? (
          <ErrorNotice
            title="The keys could not be loaded"
            description={readProblem(keys.error).message}
            onRetry={() => void keys.refetch()}
          />
        ) : active === undefined ? (
          <SkeletonText lines={4} />
        ) : active.length === 0 ? (
          <EmptyState
            compact
            icon={<KeyRound />}
            title="No keys yet"
            description="Make one for each program, so that each can be revoked alone."
          />
        ) : (
          <ApiKeyTable keys={active} />
        )}
      </Card>
      {creating ? <CreateKeyDialog onClose={() => setCreating(false)} /> : null}
    </>
  );
}
