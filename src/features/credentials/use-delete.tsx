'use client';

import { readProblem } from '#client/problem.ts';
import { api } from '#client/trpc.ts';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { toast } from '#ui/toast.tsx';
import type { Credential } from './credential.ts';
import { refetchCredentials } from './use-credential-action.ts';

const SHOWN_USES = 6;

/** Asks, naming what depends on them, then deletes credentials for good. @returns whether they were. */
export function useDeleteCredentials(): (chosen: readonly Credential[]) => Promise<boolean> {
  const confirm = useConfirm();
  return async (chosen) => {
    const what = chosen.length === 1 ? `“${chosen[0]?.name}”` : `${chosen.length} credentials`;
    const users = await workflowsUsing(chosen);
    const sure = await confirm({
      title: `Delete ${what}?`,
      description: <Consequences users={users} />,
      confirmLabel: chosen.length === 1 ? 'Delete credential' : 'Delete credentials',
      tone: 'danger',
    });
    if (!sure) return false;
    try {
      await api.credentials.batchDelete.mutate({ ids: chosen.map((one) => one.id) });
    } catch (error) {
      toast.error(`Could not delete ${what}`, { description: readProblem(error).message });
      return false;
    }
    toast.success(`Deleted ${what}`);
    void refetchCredentials();
    return true;
  };
}

/** Names of workflows; what cannot be asked for is left out, so that deleting does not depend on it. */
async function workflowsUsing(chosen: readonly Credential[]): Promise<string[]> {
  const used = chosen.filter((one) => one.used_by > 0);
  const pages = await Promise.allSettled(
    used.map(({ id }) => api.credentials.uses.query({ credential_id: id, limit: 100 })),
  );
  const names = pages.flatMap((page) => (page.status === 'fulfilled' ? page.value.items : []));
  return [...new Set(names.map((one) => one.workflow_name))];
}

function Consequences({ users }: { users: readonly string[] }) {
  const more = users.length - SHOWN_USES;
  return (
    <>
      {users.length === 0 ? (
        <p>No workflow uses it. This cannot be undone.</p>
      ) : (
        <>
          <p>These workflows use it. Their steps fail until they are given another:</p>
          <ul className="my-2 list-disc pl-5 text-text">
            {users.slice(0, SHOWN_USES).map((name) => (
              <li key={name}>{name}</li>
            ))}
            {more > 0 ? <li>and {more} more</li> : null}
          </ul>
          <p>This cannot be undone.</p>
        </>
      )}
    </>
  );
}
