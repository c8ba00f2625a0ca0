'use client';

import { useMutation } from '@tanstack/react-query';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '#ui/table.tsx';
import { toast } from '#ui/toast.tsx';

type ApiKey = OutputOf<'users', 'keys'>[number];

/** The keys that work, newest first, each with a way to end it. */
export function ApiKeyTable({ keys }: { keys: readonly ApiKey[] }) {
  return (
    <Table label="API keys" className="rounded-t-none border-0 border-t">
      <TableHead>
        <TableHeaderCell>Name</TableHeaderCell>
        <TableHeaderCell width="8rem" className="max-sm:hidden">
          Last used
        </TableHeaderCell>
        <TableHeaderCell width="8rem" className="max-sm:hidden">
          Expires
        </TableHeaderCell>
        <TableHeaderCell width="6rem" hideLabel>
          Actions
        </TableHeaderCell>
      </TableHead>
      <TableBody>
        {keys.map((key) => (
          <KeyRow key={key.id} apiKey={key} />
        ))}
      </TableBody>
    </Table>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const revoke = useRevoke(apiKey);
  const expired = apiKey.expires_at !== null && Date.parse(apiKey.expires_at) < Date.now();
  return (
    <TableRow>
      <TableCell className="w-full max-w-0 py-2">
        <span className="block truncate font-medium">{apiKey.name}</span>
        <span className="block truncate text-xs text-subtle">
          <code className="font-mono">{apiKey.prefix}…</code> · made{' '}
          <RelativeTime value={apiKey.created_at} />
        </span>
      </TableCell>
      <TableCell muted className="max-sm:hidden">
        {apiKey.last_used_at === null ? 'Never' : <RelativeTime value={apiKey.last_used_at} />}
      </TableCell>
      <TableCell muted className="max-sm:hidden">
        {apiKey.expires_at === null ? (
          'Never'
        ) : expired ? (
          <Badge tone="warning">Expired</Badge>
        ) : (
          <RelativeTime value={apiKey.expires_at} />
        )}
      </TableCell>
      <TableCell align="right">
        <Button
          size="sm"
          aria-label={`Revoke ${apiKey.name}`}
          loading={revoke.busy}
          onClick={() => void revoke.ask()}
        >
          Revoke
        </Button>
      </TableCell>
    </TableRow>
  );
}

function useRevoke(apiKey: ApiKey): { ask: () => Promise<void>; busy: boolean } {
  const confirm = useConfirm();
  const revoke = useMutation(
    trpc.users.revokeKey.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.users.keys.queryKey() });
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
      description: 'Programs that use this key are refused from then on. This cannot be undone.',
      confirmLabel: 'Revoke key',
      tone: 'danger',
    });
    if (sure) revoke.mutate({ key_id: apiKey.id });
  };
  return { ask, busy: revoke.isPending };
}
