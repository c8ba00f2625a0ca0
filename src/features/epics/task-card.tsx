'use client';

import { Ellipsis, Link2, StickyNote, Workflow } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, memo } from 'react';
import { TASK_STATUSES, type TaskStatus } from '#domain/epic/status.ts';
import { Badge } from '#ui/badge.tsx';
import { cn } from '#ui/class-name.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu, type MenuEntry } from '#ui/menu.tsx';
import type { Task } from './epic.ts';
import { LookIcon, TASK_LOOKS } from './status-look.tsx';

interface TaskCardProps {
  task: Task;
  known: ReadonlyMap<string, Task>;
  /** It is being dragged. */
  faded: boolean;
  onDragged: (id: string | null) => void;
  onKey: (task: Task, event: KeyboardEvent) => void;
  onMove: (task: Task, status: TaskStatus) => void;
  onOpen: (id: string) => void;
}

/** A task on the board. A click opens it, its menu or Shift with an arrow key moves it. */
export const TaskCard = memo(function TaskCard({ task, known, faded, ...on }: TaskCardProps) {
  const onDragStart = (event: DragEvent) => {
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', task.title);
    on.onDragged(task.id);
  };
  return (
    <li
      draggable
      onDragStart={onDragStart}
      onDragEnd={() => on.onDragged(null)}
      className={cn(
        'group/card relative rounded-md border bg-surface shadow-control transition-colors hover:border-strong',
        faded && 'opacity-50',
      )}
    >
      <button
        type="button"
        data-task={task.id}
        aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
        onClick={() => on.onOpen(task.id)}
        onKeyDown={(event) => on.onKey(task, event)}
        className="flex w-full cursor-pointer flex-col gap-1.5 rounded-md p-2.5 pr-9 text-left text-sm"
      >
        <span className="line-clamp-3 font-medium break-words">{task.title}</span>
        <CardFacts task={task} known={known} />
      </button>
      <div className="absolute top-1 right-1 opacity-0 transition-opacity group-focus-within/card:opacity-100 group-hover/card:opacity-100 has-data-popup-open:opacity-100 pointer-coarse:opacity-100">
        <Menu
          align="end"
          trigger={<IconButton size="sm" label={`Actions for ${task.title}`} icon={<Ellipsis />} />}
          items={menuOf(task, on)}
        />
      </div>
    </li>
  );
});

function menuOf(task: Task, { onMove, onOpen }: Pick<TaskCardProps, 'onMove' | 'onOpen'>): MenuEntry[] {
  return [
    { label: 'Open', onSelect: () => onOpen(task.id) },
    { type: 'separator' },
    { type: 'label', label: 'Move to' },
    ...TASK_STATUSES.filter((status) => status !== task.status).map((status) => ({
      label: TASK_LOOKS[status].label,
      icon: <LookIcon look={TASK_LOOKS[status]} />,
      onSelect: () => onMove(task, status),
    })),
  ];
}

function CardFacts({ task, known }: Pick<TaskCardProps, 'task' | 'known'>) {
  const open = task.depends_on.filter((id) => known.get(id)?.status !== 'completed').length;
  return (
    <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xs text-subtle [&_svg]:size-3.5">
      <span className={task.priority <= 1 ? 'font-medium text-warning-text' : undefined}>
        <span className="sr-only">Priority </span>P{task.priority}
      </span>
      {open > 0 ? (
        <span className="flex items-center gap-1">
          <Link2 aria-hidden />
          Waits for {open}
        </span>
      ) : null}
      {task.notes.length > 0 ? (
        <span className="flex items-center gap-1">
          <StickyNote aria-hidden />
          {task.notes.length}
          <span className="sr-only"> notes</span>
        </span>
      ) : null}
      {task.workflow_slug === null ? null : (
        <span className="flex min-w-0 max-w-full items-center gap-1">
          <Workflow aria-hidden className="shrink-0" />
          <span className="truncate">{task.workflow_slug}</span>
        </span>
      )}
      {task.tags.slice(0, 3).map((tag) => (
        <Badge key={tag} className="max-w-28">
          {tag}
        </Badge>
      ))}
      {task.status === 'failed' && task.error_message ? (
        <span className="line-clamp-2 w-full text-danger-text">{task.error_message}</span>
      ) : null}
    </span>
  );
}
