'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { Switch } from '#ui/switch.tsx';
import { TagField } from '#ui/tag-field.tsx';
import { Textarea } from '#ui/textarea.tsx';
import { toast } from '#ui/toast.tsx';
import type { Workflow } from './workflow.ts';

/** Name, description, tags and whether triggers start the workflow. */
export function EditDetailDialog({ workflow, onClose }: { workflow: Workflow; onClose: () => void }) {
  const form = useId();
  const queries = useQueryClient();
  const [name, setName] = useState(workflow.name);
  const [description, setDescription] = useState(workflow.description);
  const [tags, setTags] = useState<string[]>(workflow.tags ?? []);
  const [active, setActive] = useState(workflow.is_active);
  const update = useMutation(
    trpc.workflows.update.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.workflows.list.queryKey() });
        toast.success('Details saved');
        onClose();
      },
    }),
  );
  const problem = update.error ? readProblem(update.error) : null;
  const nameFault = name.trim() === '' ? 'Give the workflow a name.' : problem?.fields.name;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (name.trim() === '') return;
    update.mutate({ workflow_slug: workflow.slug, name: name.trim(), description, tags, is_active: active });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Edit details"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" loading={update.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        {problem && Object.keys(problem.fields).length === 0 ? (
          <ErrorNotice compact title={problem.message} />
        ) : null}
        <Field label="Name" error={nameFault}>
          <Input maxLength={200} value={name} onValueChange={setName} />
        </Field>
        <Field label="Description" optional error={problem?.fields.description}>
          <Textarea rows={3} maxLength={10_000} value={description} onValueChange={setDescription} />
        </Field>
        <Field label="Tags" optional error={problem?.fields.tags}>
          <TagField
            value={tags}
            onValueChange={(next) => setTags([...next])}
            placeholder="Type a tag, then Enter"
          />
        </Field>
        <Switch
          checked={active}
          onCheckedChange={setActive}
          label="Active"
          description="An inactive workflow keeps its runs, but nothing starts it."
        />
      </form>
    </Dialog>
  );
}
