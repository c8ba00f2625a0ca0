'use client';

import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { DependencyField } from './dependency-field.tsx';
import type { Task } from './epic.ts';
import { type TaskDraft, TaskFields } from './task-field.tsx';
import { putTask } from './use-move-task.ts';

interface CreateTaskDialogProps {
  epicId: string;
  tasks: readonly Task[];
  onClose: () => void;
}

const NEW: TaskDraft = { title: '', description: '', tags: [], priority: 2, workflow_slug: null };

/** Adds a task to an epic. */
export function CreateTaskDialog({ epicId, tasks, onClose }: CreateTaskDialogProps) {
  const form = useId();
  const [draft, setDraft] = useState(NEW);
  const [dependsOn, setDependsOn] = useState<string[]>([]);
  const [untitled, setUntitled] = useState(false);
  const create = useMutation(
    trpc.tasks.create.mutationOptions({
      onSuccess: (task) => {
        putTask(epicId, task);
        onClose();
      },
    }),
  );
  const problem = create.error ? readProblem(create.error) : null;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const title = draft.title.trim();
    setUntitled(title === '');
    if (title !== '') create.mutate({ epic_id: epicId, ...draft, title, depends_on: dependsOn });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Add a task"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" loading={create.isPending}>
            Add task
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        {problem && Object.keys(problem.fields).length === 0 ? (
          <ErrorNotice compact title={problem.message} />
        ) : null}
        <TaskFields
          autoFocus
          draft={draft}
          set={(part) => setDraft((now) => ({ ...now, ...part }))}
          errors={{ ...problem?.fields, ...(untitled && { title: 'Give the task a title.' }) }}
        />
        <Field
          label="Waits for"
          optional
          error={problem?.fields['depends_on']}
          description="It is blocked until these are completed."
        >
          <DependencyField value={dependsOn} onValueChange={setDependsOn} tasks={tasks} />
        </Field>
      </form>
    </Dialog>
  );
}
