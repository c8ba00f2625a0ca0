'use client';

import { type KeyboardEvent, useMemo, useState } from 'react';
import { TASK_STATUSES, type TaskStatus } from '#domain/epic/status.ts';
import { BoardColumn } from './board-column.tsx';
import { columnsOf, type Direction, neighbour, statusBeside } from './board-order.ts';
import type { Task } from './epic.ts';
import { useCardFocus } from './use-card-focus.ts';
import { useMoveTask } from './use-move-task.ts';

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

interface BoardProps {
  epicId: string;
  tasks: readonly Task[];
  /** Of all tasks, shown or not. */
  total: number;
  onOpen: (id: string) => void;
}

/**
 * The tasks in columns by status. Cards are dragged; with the keyboard arrows walk over the cards, and with Shift
 * they take the card along to the next column.
 */
export function Board({ epicId, tasks, total, onOpen }: BoardProps) {
  const [said, setSaid] = useState('');
  const [dragged, setDragged] = useState<string | null>(null);
  const columns = useMemo(() => columnsOf(tasks), [tasks]);
  const titles = useMemo(() => new Map(tasks.map((task) => [task.id, task])), [tasks]);
  const move = useMoveTask(epicId, setSaid);
  const { region, focus, follow, onFocus } = useCardFocus(columns);
  const moveTo = (task: Task, status: TaskStatus) => {
    follow(task.id);
    move(task, status);
  };
  const onKey = (task: Task, event: KeyboardEvent) => {
    const direction = ARROWS[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!event.shiftKey) {
      const next = neighbour(columns, task, direction);
      if (next !== null) focus(next);
    } else if (direction === 'left' || direction === 'right') {
      const status = statusBeside(task.status, direction);
      if (status) moveTo(task, status);
    }
  };
  return (
    <section
      ref={region}
      onFocus={onFocus}
      onBlur={onFocus}
      aria-label="Board"
      className="-mx-4 flex min-h-80 flex-1 snap-x snap-mandatory scroll-px-4 gap-3 overflow-x-auto px-4 pb-3 sm:-mx-8 sm:snap-none sm:px-8"
    >
      <p role="status" className="sr-only">
        {said}
      </p>
      {TASK_STATUSES.map((status) => (
        <BoardColumn
          key={status}
          status={status}
          tasks={columns[status]}
          known={titles}
          dragged={dragged}
          onDragged={setDragged}
          onDrop={(id) => {
            const task = titles.get(id);
            if (task) move(task, status);
          }}
          onKey={onKey}
          onMove={moveTo}
          onOpen={onOpen}
        />
      ))}
      {total > tasks.length ? (
        <p className="w-40 shrink-0 self-start text-xs text-subtle">
          {total - tasks.length} older tasks are not shown.
        </p>
      ) : null}
    </section>
  );
}
