'use client';

import { X } from 'lucide-react';
import { Combobox } from '#ui/combobox.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import type { Task } from './epic.ts';
import { LookIcon, TASK_LOOKS } from './status-look.tsx';

interface DependencyFieldProps {
  value: readonly string[];
  onValueChange: (ids: string[]) => void;
  /** The tasks to choose from. */
  tasks: readonly Task[];
  /** Shows a task that is depended on. */
  onOpen?: ((id: string) => void) | undefined;
}

/** What a task waits for, with a search for more. */
export function DependencyField({ value, onValueChange, tasks, onOpen }: DependencyFieldProps) {
  const known = new Map(tasks.map((task) => [task.id, task]));
  const chosen = value.flatMap((id) => known.get(id) ?? []);
  const items = tasks
    .filter((task) => !value.includes(task.id))
    .map((task) => ({
      value: task.id,
      label: task.title,
      icon: <LookIcon look={TASK_LOOKS[task.status]} />,
    }));
  return (
    <div className="flex flex-col gap-2">
      {chosen.length > 0 ? (
        <ul className="flex flex-col divide-y rounded-md border">
          {chosen.map((task) => (
            <li key={task.id} className="flex min-h-9 items-center gap-2 pr-1 pl-2.5 text-sm">
              <LookIcon look={TASK_LOOKS[task.status]} />
              {onOpen ? (
                <button
                  type="button"
                  onClick={() => onOpen(task.id)}
                  className="min-w-0 flex-1 truncate rounded-sm text-left hover:underline"
                >
                  {task.title}
                </button>
              ) : (
                <span className="min-w-0 flex-1 truncate">{task.title}</span>
              )}
              <span className="sr-only">({TASK_LOOKS[task.status].label})</span>
              <IconButton
                size="sm"
                label={`No longer wait for ${task.title}`}
                icon={<X />}
                onClick={() => onValueChange(value.filter((id) => id !== task.id))}
              />
            </li>
          ))}
        </ul>
      ) : null}
      <Combobox
        // A fresh one after every choice: it is for adding and holds no value.
        key={value.join()}
        ariaLabel="Add a task to wait for"
        placeholder="Search tasks of this epic"
        emptyText="No other tasks"
        clearable={false}
        items={items}
        value={null}
        onValueChange={(id) => {
          if (id !== null) onValueChange([...value, id]);
        }}
      />
    </div>
  );
}
