'use client';

import { readProblem } from '#client/problem.ts';
import { api, queryClient, trpc } from '#client/trpc.ts';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { toast } from '#ui/toast.tsx';
import type { Epic, Task } from './epic.ts';

/** Asks, then deletes epics with their tasks. Resolves to whether that was done. */
export function useDeleteEpics(): (
  epics: readonly Pick<Epic, 'id' | 'title' | 'total_tasks'>[],
) => Promise<boolean> {
  const confirm = useConfirm();
  return async (epics) => {
    const what = epics.length === 1 ? `“${epics[0]?.title}”` : `${epics.length} epics`;
    const tasks = epics.reduce((sum, one) => sum + one.total_tasks, 0);
    const sure = await confirm({
      title: `Delete ${what}?`,
      description:
        tasks === 0
          ? 'This cannot be undone.'
          : `${tasks === 1 ? 'Its one task is' : `${tasks} tasks are`} deleted, too. This cannot be undone.`,
      confirmLabel: 'Delete',
      tone: 'danger',
    });
    if (!sure) return false;
    try {
      await api.epics.batchDelete.mutate({ epic_ids: epics.map((one) => one.id) });
    } catch (error) {
      toast.error(`Could not delete ${what}`, { description: readProblem(error).message });
      return false;
    }
    await queryClient.invalidateQueries({ queryKey: trpc.epics.list.queryKey() });
    return true;
  };
}

/** Asks, then deletes a task. Resolves to whether that was done. */
export function useDeleteTask(): (task: Pick<Task, 'id' | 'title'>) => Promise<boolean> {
  const confirm = useConfirm();
  return async (task) => {
    const sure = await confirm({
      title: `Delete “${task.title}”?`,
      description: 'Tasks that depend on it no longer wait for it. This cannot be undone.',
      confirmLabel: 'Delete task',
      tone: 'danger',
    });
    if (!sure) return false;
    try {
      await api.tasks.remove.mutate({ task_id: task.id });
      return true;
    } catch (error) {
      toast.error('The task could not be deleted', { description: readProblem(error).message });
      return false;
    }
  };
}
