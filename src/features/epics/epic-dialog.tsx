'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type SubmitEvent, useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import type { EpicStatus } from '#domain/epic/status.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { NumberField } from '#ui/number-field.tsx';
import { Select } from '#ui/select.tsx';
import { TagField } from '#ui/tag-field.tsx';
import { Textarea } from '#ui/textarea.tsx';
import type { Epic } from './epic.ts';
import { priorityItems } from './priority.ts';
import { EPIC_LOOKS, lookItems } from './status-look.tsx';

interface Draft {
  readonly title: string;
  readonly description: string;
  readonly tags: string[];
  readonly priority: number;
  readonly budget_tokens: number | null;
  readonly budget_usd: number | null;
  readonly status: EpicStatus;
}

const draftOf = (epic: Epic | undefined): Draft => ({
  title: epic?.title ?? '',
  description: epic?.description ?? '',
  tags: epic?.tags ?? [],
  priority: epic?.priority ?? 2,
  budget_tokens: epic?.budget_tokens ?? null,
  budget_usd: epic?.budget_usd ?? null,
  status: epic?.status ?? 'planning',
});

/** Makes an epic and goes to its board, or changes one. */
export function EpicDialog({ epic, onClose }: { epic?: Epic; onClose: () => void }) {
  const form = useId();
  const [draft, setDraft] = useState(() => draftOf(epic));
  const [untitled, setUntitled] = useState(false);
  const { save, busy, error } = useSave(epic, onClose);
  const problem = error ? readProblem(error) : null;
  const set = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }));
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setUntitled(draft.title.trim() === '');
    if (draft.title.trim() !== '') save({ ...draft, title: draft.title.trim() });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={epic ? 'Edit epic' : 'Create an epic'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" loading={busy}>
            {epic ? 'Save' : 'Create epic'}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        {problem && Object.keys(problem.fields).length === 0 ? (
          <ErrorNotice compact title={problem.message} />
        ) : null}
        <Field label="Title" error={untitled ? 'Give the epic a title.' : problem?.fields['title']}>
          <Input
            autoFocus={!epic}
            maxLength={255}
            value={draft.title}
            onValueChange={(title) => set({ title })}
          />
        </Field>
        <Field label="Description" optional error={problem?.fields['description']}>
          <Textarea
            rows={3}
            maxLength={20_000}
            value={draft.description}
            onValueChange={(description) => set({ description })}
          />
        </Field>
        <Field label="Tags" optional error={problem?.fields['tags']}>
          <TagField
            value={draft.tags}
            onValueChange={(tags) => set({ tags })}
            placeholder="Type a tag, then Enter"
          />
        </Field>
        <Choices draft={draft} set={set} withStatus={epic !== undefined} />
      </form>
    </Dialog>
  );
}

interface ChoicesProps {
  draft: Draft;
  set: (part: Partial<Draft>) => void;
  withStatus: boolean;
}

function Choices({ draft, set, withStatus }: ChoicesProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {withStatus ? (
        <Field
          label="Status"
          description={draft.status === 'cancelled' ? 'Cancels every task that has not ended.' : undefined}
        >
          <Select
            items={lookItems(EPIC_LOOKS)}
            value={draft.status}
            onValueChange={(status) => set({ status })}
          />
        </Field>
      ) : null}
      <Field label="Priority">
        <Select
          items={priorityItems(draft.priority)}
          value={String(draft.priority)}
          onValueChange={(priority) => set({ priority: Number(priority) })}
        />
      </Field>
      <Field label="Token budget" optional>
        <NumberField
          min={0}
          step={1000}
          value={draft.budget_tokens}
          onValueChange={(budget_tokens) => set({ budget_tokens })}
        />
      </Field>
      <Field label="Money budget" optional>
        <NumberField
          min={0}
          unit="USD"
          value={draft.budget_usd}
          format={{ maximumFractionDigits: 4 }}
          onValueChange={(budget_usd) => set({ budget_usd })}
        />
      </Field>
    </div>
  );
}

function useSave(epic: Epic | undefined, onClose: () => void) {
  const router = useRouter();
  const queries = useQueryClient();
  const refreshList = () => queries.invalidateQueries({ queryKey: trpc.epics.list.queryKey() });
  const create = useMutation(
    trpc.epics.create.mutationOptions({
      onSuccess: (made) => {
        void refreshList();
        router.push(`/epics/${made.id}`);
      },
    }),
  );
  const update = useMutation(
    trpc.epics.update.mutationOptions({
      onSuccess: (changed) => {
        queries.setQueryData(trpc.epics.get.queryKey({ epic_id: changed.id }), changed);
        void refreshList();
        onClose();
      },
    }),
  );
  const save = ({ status, ...fields }: Draft) => {
    if (!epic) create.mutate(fields);
    // Saying it again would not change anything, and cancelling twice must not cancel new tasks.
    else update.mutate({ epic_id: epic.id, ...fields, ...(status !== epic.status && { status }) });
  };
  const busy = create.isPending || create.isSuccess || update.isPending;
  return { save, busy, error: create.error ?? update.error };
}
