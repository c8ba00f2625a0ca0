'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { SecretLine } from '#ui/secret-line.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import { useEditor } from '../editor-context.ts';

/** Whether the address has the secret its callers need, and the way to make one; it is shown this once. */
export function WebhookSecret({ nodeId }: { nodeId: string }) {
  const { slug } = useEditor();
  const confirm = useConfirm();
  const place = { workflow_slug: slug, node: nodeId };
  const state = useQuery(trpc.webhooks.secret.queryOptions(place));
  const renew = useMutation(
    trpc.webhooks.renewSecret.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.webhooks.pathKey() }),
    }),
  );
  if (!state.data) return null;
  const { has_secret, changed_at } = state.data;
  const make = async (): Promise<void> => {
    const sure =
      !has_secret ||
      (await confirm({
        title: 'Replace the secret?',
        description: 'Callers that still use the old one are refused from this moment on.',
        confirmLabel: 'Replace',
        tone: 'danger',
      }));
    if (sure) renew.mutate(place);
  };
  return (
    <div className="flex flex-col gap-2" data-webhook-secret>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-sm font-medium">Secret</span>
        {has_secret ? (
          <span className="text-xs text-subtle">
            <StatusBadge appearance="inline" className="text-xs" status="success" label="Set" />{' '}
            {changed_at === null ? null : <RelativeTime value={changed_at} />}
          </span>
        ) : (
          <span className="text-xs text-warning-text">None yet: every request is refused.</span>
        )}
        <Button size="sm" loading={renew.isPending} onClick={() => void make()}>
          {has_secret ? 'Replace…' : 'Make a secret'}
        </Button>
      </div>
      {renew.error ? (
        <span className="text-xs break-words text-danger-text">{readProblem(renew.error).message}</span>
      ) : null}
      {renew.data ? (
        <>
          <SecretLine value={renew.data.secret} copyLabel="Copy secret" testId="webhook-secret" />
          <span className="text-xs text-subtle">Copy it now: it is not shown again.</span>
        </>
      ) : null}
    </div>
  );
}
