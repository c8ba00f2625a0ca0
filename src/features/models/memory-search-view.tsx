'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { Card } from '#ui/card.tsx';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Skeleton } from '#ui/skeleton.tsx';
import { toast } from '#ui/toast.tsx';
import { type MemorySearch, progressText, shareDone } from './memory-search.ts';
import { MemorySearchForm } from './memory-search-form.tsx';

/** While something is being embedded. */
const LOOK_MS = 2_000;
/** What agents write is embedded in the meantime. */
const QUIET_LOOK_MS = 15_000;

/** How agents find their memories: always by words, by meaning as well once a model is chosen. */
export function MemorySearchView() {
  const setting = useQuery(
    trpc.memorySearch.get.queryOptions(
      {},
      {
        refetchInterval: ({ state }) => ((state.data?.memories.pending ?? 0) > 0 ? LOOK_MS : QUIET_LOOK_MS),
      },
    ),
  );
  if (setting.error && setting.data === undefined) {
    return (
      <ErrorNotice
        title="The memory search could not be loaded"
        description={readProblem(setting.error).message}
        onRetry={() => void setting.refetch()}
      />
    );
  }
  if (setting.data === undefined) return <Skeleton className="h-96 w-full rounded-lg" />;
  const { credential_id, model } = setting.data;
  return (
    <div className="flex min-w-0 max-w-180 flex-col gap-4">
      {credential_id === null && model !== null ? (
        <ErrorNotice
          compact
          tone="warning"
          title="Memories are found by their words only"
          description={`The account of “${model}” was deleted. Choose another one.`}
        />
      ) : null}
      {credential_id === null ? null : <Progress setting={setting.data} />}
      <MemorySearchForm key={setting.data.updated_at ?? 'new'} setting={setting.data} />
    </div>
  );
}

function Progress({ setting }: { setting: MemorySearch }) {
  const { memories, last_error, paused_until, storage } = setting;
  const share = shareDone(memories);
  const { everything, rest, busy } = useRebuild();
  return (
    <Card
      title={memories.pending > 0 ? 'Embedding memories' : 'Found by meaning'}
      description={progressText(memories)}
      actions={
        <Badge tone="neutral">
          {storage === 'pgvector' ? 'Compared by pgvector' : 'Compared by PostgreSQL'}
        </Badge>
      }
      footer={
        <>
          {memories.pending + memories.skipped > 0 && (last_error !== null || memories.skipped > 0) ? (
            <Button size="sm" icon={<RotateCw />} loading={busy} onClick={rest}>
              Try again now
            </Button>
          ) : null}
          <Button
            size="sm"
            disabled={busy || memories.total === 0}
            onClick={() => void everything(memories.total)}
          >
            Embed everything anew
          </Button>
        </>
      }
    >
      <div
        role="progressbar"
        aria-label="Memories with a vector"
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className="h-full rounded-full bg-accent transition-[width]"
          style={{ width: `${share * 100}%` }}
        />
      </div>
      {last_error === null ? null : (
        <ErrorNotice
          compact
          className="mt-4"
          tone="warning"
          title={paused_until === null ? 'The last try failed' : 'The provider is left alone for a while'}
          description={`${last_error} Until it works again, memories are found by their words; nothing is lost.`}
        />
      )}
    </Card>
  );
}

function useRebuild() {
  const confirm = useConfirm();
  const rebuild = useMutation(
    trpc.memorySearch.rebuild.mutationOptions({
      onError: (error) => void toast.error(readProblem(error).message),
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.memorySearch.pathKey() }),
    }),
  );
  const everything = async (total: number): Promise<void> => {
    const sure = await confirm({
      title: total === 1 ? 'Embed the memory anew?' : `Embed all ${total} memories anew?`,
      description: 'The provider counts them once more. Until it is done, they are found by their words.',
      confirmLabel: 'Embed anew',
    });
    if (sure) rebuild.mutate({ what: 'everything' });
  };
  return { everything, rest: () => rebuild.mutate({ what: 'rest' }), busy: rebuild.isPending };
}
