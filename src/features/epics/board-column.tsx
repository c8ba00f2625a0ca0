'use client';

import { type DragEvent, type KeyboardEvent, useId, useState } from 'react';
import type { TaskStatus } from '#domain/epic/status.ts';
import { cn } from '#ui/class-name.ts';
import type { Task } from './epic.ts';
import { LookIcon, TASK_LOOKS } from './status-look.tsx';
import { TaskCard } from './task-card.tsx';

const EMPTY: Readonly<Record<TaskStatus, string>> = {
  pending: 'Nothing waits to be started.',
  blocked: 'Nothing waits for another task.',
  running: 'Nothing is under way.',
  completed: 'Nothing is done yet.',
  failed: 'Nothing has failed.',
  cancelled: 'Nothing was called off.',
};

interface BoardColumnProps {
  status: TaskStatus;
  tasks: readonly Task[];
  known: ReadonlyMap<string, Task>;
  /** The task that is being dragged over the board. */
  dragged: string | null;
  onDragged: (id: string | null) => void;
  onDrop: (id: string) => void;
  onKey: (task: Task, event: KeyboardEvent) => void;
  onMove: (task: Task, status: TaskStatus) => void;
  onOpen: (id: string) => void;
}

/** The tasks of one status; a card dropped here gets that status. */
export function BoardColumn(props: BoardColumnProps) {
  const { status, tasks, known, dragged } = props;
  const [over, setOver] = useState(false);
  const heading = useId();
  const look = TASK_LOOKS[status];
  const accepts = dragged !== null && known.get(dragged)?.status !== status;
  const onDragOver = (event: DragEvent) => {
    if (!accepts) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'move';
    setOver(true);
  };
  const onDragLeave = (event: DragEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (dragged !== null && accepts) props.onDrop(dragged);
  };
  return (
    // Dragging has its keyboard counterpart on the cards.
    <div
      role="group"
      aria-labelledby={heading}
      onDragOver={onDragOver}
      onDragLeave={onDragLeave}
      onDrop={onDrop}
      className={cn(
        'flex w-[82vw] shrink-0 snap-start flex-col rounded-lg border bg-sunken/70 sm:w-60 xl:w-auto xl:min-w-50 xl:flex-1 xl:basis-0',
        over && accepts && 'border-accent bg-selected',
      )}
    >
      <h2 id={heading} className="flex h-10 shrink-0 items-center gap-2 px-3 text-sm font-medium">
        <LookIcon look={look} />
        {look.label}
        <span className="ml-auto text-xs font-normal tabular-nums text-subtle">{tasks.length}</span>
      </h2>
      <ul className="flex min-h-24 flex-1 flex-col gap-2 px-2 pb-2">
        {tasks.map((task) => (
          <TaskCard
            key={task.id}
            task={task}
            known={known}
            faded={dragged === task.id}
            onDragged={props.onDragged}
            onKey={props.onKey}
            onMove={props.onMove}
            onOpen={props.onOpen}
          />
        ))}
        {tasks.length === 0 ? (
          <li className="px-1 py-4 text-center text-xs text-subtle">{EMPTY[status]}</li>
        ) : null}
      </ul>
    </div>
  );
}
