'use client';

import { useRouter } from 'next/navigation';
import { readProblem } from '#client/problem.ts';
import { api } from '#client/trpc.ts';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { toast } from '#ui/toast.tsx';

const runs = (count: number): string => (count === 1 ? 'the execution' : `${count} executions`);

/** Asks, then stops runs. `onDone` follows when all are stopped. */
export function useCancel(onDone: () => void): (ids: readonly string[]) => Promise<void> {
  const confirm = useConfirm();
  return async (ids) => {
    const sure = await confirm({
      title: `Cancel ${runs(ids.length)}?`,
      description: 'Steps that are running are stopped. What they have already done elsewhere is not undone.',
      confirmLabel: ids.length === 1 ? 'Cancel execution' : 'Cancel executions',
      cancelLabel: 'Keep running',
      tone: 'danger',
    });
    if (!sure) return;
    await attempt(`Could not cancel ${runs(ids.length)}`, async () => {
      for (const id of ids) await api.executions.cancel.mutate({ execution_id: id });
    });
    onDone();
  };
}

/** Asks, then deletes finished runs for good. */
export function useDelete(onDone: () => void): (ids: readonly string[]) => Promise<void> {
  const confirm = useConfirm();
  return async (ids) => {
    const sure = await confirm({
      title: `Delete ${runs(ids.length)}?`,
      description: 'Steps, outputs and events are deleted with it. This cannot be undone.',
      confirmLabel: 'Delete',
      tone: 'danger',
    });
    if (!sure) return;
    const done = await attempt(`Could not delete ${runs(ids.length)}`, () =>
      api.executions.batchDelete.mutate({ execution_ids: [...ids] }),
    );
    if (done) onDone();
  };
}

interface Repeatable {
  readonly workflow_slug: string;
  readonly trigger_node_id: string;
  readonly trigger_payload: unknown;
}

/** Starts the same trigger with the same payload and opens the new run. */
export function useRunAgain(): (run: Repeatable) => Promise<void> {
  const router = useRouter();
  return async (run) => {
    const payload = run.trigger_payload;
    const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
    await attempt('The workflow could not be run again', async () => {
      const { execution_id } = await api.workflows.execute.mutate({
        workflow_slug: run.workflow_slug,
        trigger_node_id: run.trigger_node_id,
        ...(isObject && { payload: payload as Record<string, never> }),
      });
      router.push(`/executions/${execution_id}`);
    });
  };
}

async function attempt(failed: string, action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    toast.error(failed, { description: readProblem(error).message });
    return false;
  }
}
