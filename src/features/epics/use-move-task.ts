'use client';

import { useCallback } from 'react';
import { readProblem } from '#client/problem.ts';
import { api, queryClient, trpc } from '#client/trpc.ts';
import type { TaskStatus } from '#domain/epic/status.ts';
import { toast } from '#ui/toast.tsx';
import { boardOf, type Task } from './epic.ts';
import { TASK_LOOKS } from './status-look.tsx';
import { refetchEpic } from './use-epic-events.ts';

/** Gives a task another status at once; when the server refuses, it goes back to where it was. */
export function useMoveTask(
  epicId: string,
  announce: (text: string) => void,
): (task: Task, status: TaskStatus) => void {
  return useCallback(
    (task, status) => {
      if (task.status === status) return;
      announce(`${task.title}: ${TASK_LOOKS[status].label}`);
      void move(epicId, task, status);
    },
    [epicId, announce],
  );
}

async function move(epicId: string, task: Task, status: TaskStatus): Promise<void> {
  putTask(epicId, { ...task, status });
  try {
    putTask(epicId, await api.tasks.update.mutate({ task_id: task.id, status }));
  } catch (error) {
    putTask(epicId, task);
    refetchEpic(epicId);
    toast.error(`“${task.title}” could not be moved`, { description: readProblem(error).message });
  }
}

/** Puts a task into the board's data in place of what is known of it. */
export function putTask(epicId: string, task: Task): void {
  queryClient.setQueryData(trpc.epics.tasks.queryKey(boardOf(epicId)), (page) => {
    if (!page) return page;
    const known = page.items.find((one) => one.id === task.id);
    // A message may have been faster than the answer.
    if (known && known.updated_at > task.updated_at) return page;
    if (known) return { ...page, items: page.items.map((one) => (one.id === task.id ? task : one)) };
    return { items: [task, ...page.items], total: page.total + 1 };
  });
}
