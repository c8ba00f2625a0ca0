'use client';

import { useMutation } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { type ReactNode, type SubmitEvent, useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Select } from '#ui/select.tsx';
import { toast } from '#ui/toast.tsx';
import { DependencyField } from './dependency-field.tsx';
import type { Task } from './epic.ts';
import { NoteList } from './note-list.tsx';
import { lookItems, TASK_LOOKS } from './status-look.tsx';
import { type TaskDraft, TaskFields } from './task-field.tsx';
import { TaskRun } from './task-run.tsx';
import { useDeleteTask } from './use-epic-action.ts';
import { putTask, useMoveTask } from './use-move-task.ts';

interface TaskDrawerProps {
  task: Task;
  /** All of the epic. */
  tasks: readonly Task[];
  onOpen: (id: string) => void;
  onClose: () => void;
}

const draftOf = ({ title, description, tags, priority, workflow_slug }: Task): TaskDraft => ({
  title,
  description,
  tags,
  priority,
  workflow_slug,
});

/** One task beside the board: its fields are saved together, everything else at once. */
export function TaskDrawer({ task, tasks, onOpen, onClose }: TaskDrawerProps) {
  const form = useId();
  const [draft, setDraft] = useState(() => draftOf(task));
  const remove = useDeleteTask();
  const isChanged = JSON.stringify(draft) !== JSON.stringify(draftOf(task));
  const save = useMutation(
    trpc.tasks.update.mutationOptions({
      onSuccess: (changed) => {
        putTask(task.epic_id, changed);
        setDraft(draftOf(changed));
        toast.success('Task saved');
      },
    }),
  );
  const problem = save.error ? readProblem(save.error) : null;
  const title = draft.title.trim();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (title !== '') save.mutate({ task_id: task.id, ...draft, title });
  };
  return (
    <Dialog
      open
      placement="right"
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={task.title}
      footer={
        <div className="flex w-full items-center gap-2">
          <Button
            variant="ghost"
            icon={<Trash2 />}
            className="mr-auto"
            onClick={() => void remove(task).then((done) => done && onClose())}
          >
            Delete
          </Button>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" form={form} variant="primary" loading={save.isPending} disabled={!isChanged}>
            Save
          </Button>
        </div>
      }
    >
      <div className="flex flex-col gap-6">
        <Standing task={task} tasks={tasks} onOpen={onOpen} />
        <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
          {problem && Object.keys(problem.fields).length === 0 ? (
            <ErrorNotice compact title={problem.message} />
          ) : null}
          <TaskFields
            draft={draft}
            set={(part) => setDraft((now) => ({ ...now, ...part }))}
            errors={{ ...problem?.fields, ...(title === '' && { title: 'Give the task a title.' }) }}
          />
        </form>
        <Part title="Run">
          <TaskRun task={task} />
        </Part>
        <Part title="Notes">
          <NoteList task={task} />
        </Part>
      </div>
    </Dialog>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2 border-t pt-4">
      <h3 className="text-sm font-medium">{title}</h3>
      {children}
    </section>
  );
}

/** Status and dependencies, which belong together: completing one task frees others. */
function Standing({ task, tasks, onOpen }: Omit<TaskDrawerProps, 'onClose'>) {
  const move = useMoveTask(task.epic_id, () => undefined);
  const depend = useMutation(
    trpc.tasks.setDependencies.mutationOptions({ onSuccess: (changed) => putTask(task.epic_id, changed) }),
  );
  const others = tasks.filter((one) => one.id !== task.id);
  const waiting = others.filter((one) => one.depends_on.includes(task.id));
  return (
    <div className="flex flex-col gap-4">
      <Field label="Status">
        <Select
          items={lookItems(TASK_LOOKS)}
          value={task.status}
          onValueChange={(status) => move(task, status)}
        />
      </Field>
      {task.status === 'failed' && task.error_message ? (
        <ErrorNotice compact title={task.error_message} />
      ) : null}
      {task.result_summary ? (
        <p className="rounded-md bg-sunken p-3 text-sm break-words whitespace-pre-wrap">
          {task.result_summary}
        </p>
      ) : null}
      <Field label="Waits for" optional error={depend.error ? readProblem(depend.error).message : undefined}>
        <DependencyField
          value={task.depends_on}
          onValueChange={(depends_on) => depend.mutate({ task_id: task.id, depends_on })}
          tasks={others}
          onOpen={onOpen}
        />
      </Field>
      {waiting.length > 0 ? (
        <p className="text-xs text-subtle">Waited for by {waiting.map((one) => one.title).join(', ')}.</p>
      ) : null}
    </div>
  );
}
