'use client';

import { readProblem } from '#client/problem.ts';
import { api, queryClient, trpc } from '#client/trpc.ts';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { toast } from '#ui/toast.tsx';
import type { Sandbox } from './sandbox.ts';

/** What can be done to workspaces from outside. Each asks first; the answer is whether it was done. */
export function useSandboxAction() {
  const confirm = useConfirm();
  const reset = async (sandbox: Sandbox): Promise<boolean> => {
    const sure = await confirm({
      title: `Empty the folder of “${sandbox.name}”?`,
      description: 'Every file in it is deleted. Its variables stay. This cannot be undone.',
      confirmLabel: 'Empty folder',
      tone: 'danger',
    });
    if (!sure) return false;
    try {
      const { message } = await api.sandboxes.reset.mutate({ sandbox_id: sandbox.id });
      toast.success(message);
      return true;
    } catch (error) {
      toast.error('The folder was not emptied', { description: readProblem(error).message });
      return false;
    }
  };
  const remove = async (sandboxes: readonly Sandbox[]): Promise<boolean> => {
    const [only] = sandboxes;
    const what = sandboxes.length === 1 && only ? `“${only.name}”` : `${sandboxes.length} workspaces`;
    const sure = await confirm({
      title: `Delete ${what}?`,
      description:
        'Variables and settings are deleted for good. The files stay on the disk of the server, out of reach of workflows: empty the folder first if they should go.',
      confirmLabel: 'Delete',
      tone: 'danger',
    });
    if (!sure) return false;
    try {
      await api.sandboxes.batchDelete.mutate({ ids: sandboxes.map((one) => one.id) });
    } catch (error) {
      toast.error(`${what} could not be deleted`, { description: readProblem(error).message });
      return false;
    }
    await queryClient.invalidateQueries({ queryKey: trpc.sandboxes.pathKey() });
    toast.success(`${what} ${sandboxes.length === 1 ? 'was' : 'were'} deleted`);
    return true;
  };
  return { reset, remove };
}
