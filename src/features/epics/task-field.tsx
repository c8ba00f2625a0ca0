'use client';

import { useQuery } from '@tanstack/react-query';
import { trpc } from '#client/trpc.ts';
import { Combobox } from '#ui/combobox.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { Select } from '#ui/select.tsx';
import { TagField } from '#ui/tag-field.tsx';
import { Textarea } from '#ui/textarea.tsx';
import { priorityItems } from './priority.ts';

/** What a task says about itself. */
export interface TaskDraft {
  readonly title: string;
  readonly description: string;
  readonly tags: string[];
  readonly priority: number;
  readonly workflow_slug: string | null;
}

interface TaskFieldsProps {
  draft: TaskDraft;
  set: (part: Partial<TaskDraft>) => void;
  errors: Readonly<Record<string, string | undefined>>;
  autoFocus?: boolean;
}

/** The fields that making and changing a task have in common. */
export function TaskFields({ draft, set, errors, autoFocus = false }: TaskFieldsProps) {
  return (
    <>
      <Field label="Title" error={errors['title']}>
        <Input
          autoFocus={autoFocus}
          maxLength={255}
          value={draft.title}
          onValueChange={(title) => set({ title })}
        />
      </Field>
      <Field label="Description" optional error={errors['description']}>
        <Textarea
          rows={3}
          maxLength={20_000}
          value={draft.description}
          onValueChange={(description) => set({ description })}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Priority" error={errors['priority']}>
          <Select
            items={priorityItems(draft.priority)}
            value={String(draft.priority)}
            onValueChange={(priority) => set({ priority: Number(priority) })}
          />
        </Field>
        <Field label="Tags" optional error={errors['tags']}>
          <TagField
            value={draft.tags}
            onValueChange={(tags) => set({ tags })}
            placeholder="Type, then Enter"
          />
        </Field>
      </div>
      <Field
        label="Workflow"
        optional
        error={errors['workflow_slug']}
        description="Does the work of this task."
      >
        <WorkflowPicker value={draft.workflow_slug} onValueChange={(slug) => set({ workflow_slug: slug })} />
      </Field>
    </>
  );
}

function WorkflowPicker({
  value,
  onValueChange,
}: {
  value: string | null;
  onValueChange: (slug: string | null) => void;
}) {
  const workflows = useQuery(
    trpc.workflows.list.queryOptions({ limit: 200, sort: 'name' }, { staleTime: 60_000 }),
  );
  const items = (workflows.data?.items ?? []).map(({ slug, name }) => ({
    value: slug,
    label: name,
    description: `/${slug}`,
  }));
  return (
    <Combobox
      placeholder="No workflow"
      clearable
      loading={workflows.isPending}
      items={items}
      value={value}
      onValueChange={onValueChange}
    />
  );
}
