'use client';

import { useRouter } from 'next/navigation';
import { readProblem } from '#client/problem.ts';
import { api, queryClient, trpc } from '#client/trpc.ts';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { toast } from '#ui/toast.tsx';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Everything on the screen that tells of schedules is asked for again. */
export const refetchSchedules = (): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: trpc.schedules.pathKey() });

const whatOf = (chosen: readonly Named[]): string =>
  chosen.length === 1 ? `“${chosen[0]?.name}”` : `${chosen.length} schedules`;

/** Pauses or resumes schedules, one after the other; those that refuse are told of together. */
export async function switchSchedules(chosen: readonly Named[], action: 'pause' | 'resume'): Promise<void> {
  const refused: string[] = [];
  for (const { id, name } of chosen) {
    try {
      await api.schedules[action].mutate({ schedule_id: id });
    } catch (error) {
      refused.push(`${name}: ${readProblem(error).message}`);
    }
  }
  await refetchSchedules();
  const done = action === 'pause' ? 'Paused' : 'Resumed';
  if (refused.length === 0) toast.success(`${done} ${whatOf(chosen)}`);
  else toast.error(`Could not ${action} ${refused.length} of ${chosen.length}`, { description: refused[0] });
}

/** Starts a run at once and offers the way to it. */
export function useRunNow(): (schedule: Named) => Promise<void> {
  const router = useRouter();
  return async ({ id, name }) => {
    try {
      const { execution_id } = await api.schedules.runNow.mutate({ schedule_id: id });
      toast.success(`“${name}” runs now`, {
        action: { label: 'Open run', onClick: () => router.push(`/executions/${execution_id}`) },
      });
    } catch (error) {
      toast.error(`“${name}” could not be run`, { description: readProblem(error).message });
    }
    await refetchSchedules();
  };
}

/** Asks, then deletes schedules for good. @returns whether they were. */
export function useDeleteSchedules(): (chosen: readonly Named[]) => Promise<boolean> {
  const confirm = useConfirm();
  return async (chosen) => {
    const sure = await confirm({
      title: `Delete ${whatOf(chosen)}?`,
      description:
        'It runs no more, and the record of its fires is deleted with it. Runs it has started stay. This cannot be undone.',
      confirmLabel: chosen.length === 1 ? 'Delete schedule' : 'Delete schedules',
      tone: 'danger',
    });
    if (!sure) return false;
    try {
      await api.schedules.batchDelete.mutate({ schedule_ids: chosen.map((one) => one.id) });
    } catch (error) {
      toast.error(`Could not delete ${whatOf(chosen)}`, { description: readProblem(error).message });
      return false;
    }
    toast.success(`Deleted ${whatOf(chosen)}`);
    void refetchSchedules();
    return true;
  };
}
