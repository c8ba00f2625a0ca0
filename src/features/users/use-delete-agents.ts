'use client';

import { useMutation } from '@tanstack/react-query';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { toast } from '#ui/toast.tsx';

/** Deletes agent users after asking; the answer is whether they are gone. */
export function useDeleteAgents(): {
  ask: (agents: readonly { readonly id: number; readonly username: string }[]) => Promise<boolean>;
  busy: boolean;
} {
  const confirm = useConfirm();
  const remove = useMutation(trpc.agents.batchDelete.mutationOptions());
  const ask: ReturnType<typeof useDeleteAgents>['ask'] = async (agents) => {
    const [only] = agents;
    const who = agents.length === 1 && only ? `“${only.username}”` : `${agents.length} agents`;
    const sure = await confirm({
      title: `Delete ${who}?`,
      description:
        'Programs that use the key are refused from then on. What the agent made goes to whoever made it. This cannot be undone.',
      confirmLabel: 'Delete',
      tone: 'danger',
    });
    if (!sure) return false;
    try {
      await remove.mutateAsync({ ids: agents.map((agent) => agent.id) });
    } catch (error) {
      toast.error(`${who} could not be deleted`, { description: readProblem(error).message });
      return false;
    }
    await queryClient.invalidateQueries({ queryKey: trpc.agents.list.queryKey() });
    toast.success(agents.length === 1 ? `${who} was deleted` : `${who} were deleted`);
    return true;
  };
  return { ask, busy: remove.isPending };
}
