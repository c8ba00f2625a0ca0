'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { SkeletonText } from '#ui/skeleton.tsx';
import { toast } from '#ui/toast.tsx';
import { refreshUsers, type User } from './user.ts';

/** What the server calls the keys it hands out for a password. */
const LOGIN_KEY = 'session';

type ApiKey = OutputOf<'users', 'userKeys'>[number];

/** The keys of a user that still work, each with a way to end it. */
export function UserKeysDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const list = useQuery(trpc.users.userKeys.queryOptions({ user_id: user.id }));
  const keys = list.data?.filter((key) => key.is_active);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`API keys of “${user.username}”`}
      footer={<Button onClick={onClose}>Done</Button>}
    >
      {list.error ? (
        <ErrorNotice
          title="The keys could not be loaded"
          description={readProblem(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : keys === undefined ? (
        <SkeletonText lines={3} />
      ) : keys.length === 0 ? (
        <EmptyState
          compact
          icon={<KeyRound />}
          title="No keys"
          description={`“${user.username}” can make keys under API keys.`}
        />
      ) : (
        <ul aria-label="API keys" className="rounded-lg border">
          {keys.map((key) => (
            <KeyLine key={key.id} user={user} apiKey={key} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function KeyLine({ user, apiKey }: { user: User; apiKey: ApiKey }) {
  const revoke = useRevoke(user, apiKey);
  const expired = apiKey.expires_at !== null && Date.parse(apiKey.expires_at) < Date.now();
  return (
    <li className="flex items-center gap-3 border-b px-3.5 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 items-center gap-2 text-sm font-medium">
          <span className="truncate">{apiKey.name}</span>
          {apiKey.name === LOGIN_KEY ? <Badge>Login key</Badge> : null}
          {expired ? <Badge tone="warning">Expired</Badge> : null}
        </p>
        <p className="text-xs text-pretty text-subtle">
          <code className="font-mono">{apiKey.prefix}…</code>
          {' · last used '}
          {apiKey.last_used_at === null ? 'never' : <RelativeTime value={apiKey.last_used_at} />}
          {apiKey.expires_at === null || expired ? null : (
            <>
              {' · expires '}
              <RelativeTime value={apiKey.expires_at} />
            </>
          )}
        </p>
      </div>
      <Button
        size="sm"
        aria-label={`Revoke ${apiKey.name}`}
        loading={revoke.busy}
        onClick={() => void revoke.ask()}
      >
        Revoke
      </Button>
    </li>
  );
}

function useRevoke(user: User, apiKey: ApiKey): { ask: () => Promise<void>; busy: boolean } {
  const confirm = useConfirm();
  const revoke = useMutation(
    trpc.users.revokeUserKey.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.users.userKeys.queryKey({ user_id: user.id }) });
        await refreshUsers();
        toast.success(`“${apiKey.name}” was revoked`);
      },
      onError: (error) => {
        toast.error('The key could not be revoked', { description: readProblem(error).message });
      },
    }),
  );
  const ask = async () => {
    const sure = await confirm({
      title: `Revoke “${apiKey.name}”?`,
      description: `Programs of “${user.username}” that use this key are refused from then on. This cannot be undone.`,
      confirmLabel: 'Revoke key',
      tone: 'danger',
    });
    if (sure) revoke.mutate({ user_id: user.id, key_id: apiKey.id });
  };
  return { ask, busy: revoke.isPending };
}
