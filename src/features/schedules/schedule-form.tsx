'use client';

import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useId, useRef, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { api } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Textarea } from '#ui/textarea.tsx';
import { toast } from '#ui/toast.tsx';
import { FormSection, type SectionProps } from './form-section.tsx';
import { PolicySection } from './policy-section.tsx';
import type { Schedule } from './schedule.ts';
import {
  type Draft,
  draftOf,
  type Faults,
  faultsFrom,
  faultsOf,
  newDraft,
  payloadFault,
  settingsOf,
} from './schedule-draft.ts';
import { refetchSchedules } from './use-schedule-action.ts';
import { WhatSection } from './what-section.tsx';
import { WhenSection } from './when-section.tsx';

export type FormPurpose =
  | { readonly kind: 'create'; readonly workflowId: number | null }
  | { readonly kind: 'edit' | 'copy'; readonly schedule: Schedule };

const TITLES = { create: 'Create a schedule', edit: 'Edit the schedule', copy: 'Copy the schedule' } as const;

function startOf(purpose: FormPurpose): Draft {
  if (purpose.kind === 'create') {
    return newDraft(Intl.DateTimeFormat().resolvedOptions().timeZone, purpose.workflowId);
  }
  const draft = draftOf(purpose.schedule);
  return purpose.kind === 'edit' ? draft : { ...draft, name: `${draft.name} (copy)`.slice(0, 200) };
}

/** A sheet with every setting of a schedule: a new one, a copy, or one that is there. */
export function ScheduleForm({ purpose, onClose }: { purpose: FormPurpose; onClose: () => void }) {
  const form = useId();
  const element = useRef<HTMLFormElement>(null);
  const [start] = useState(() => startOf(purpose));
  const [draft, setDraft] = useState(start);
  const [faults, setFaults] = useState<Faults>({});
  const save = useSave(purpose, { onSaved: onClose, onRefused: (found) => showFaults(found) });
  const showFaults = (found: Faults): void => {
    setFaults(found);
    // The first faulty field may be out of sight.
    requestAnimationFrame(() => {
      const faulty = element.current?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]');
      faulty?.focus({ preventScroll: true });
      faulty?.scrollIntoView({ block: 'center' });
    });
  };
  const set = (part: Partial<Draft>): void => {
    setDraft((now) => ({ ...now, ...part }));
    const changed = Object.keys(part);
    setFaults((now) => Object.fromEntries(Object.entries(now).filter(([field]) => !changed.includes(field))));
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = faultsOf(draft);
    if (Object.keys(found).length > 0) showFaults(found);
    else save.mutate(draft);
  };
  const parts = { draft, faults, set };
  return (
    <Dialog
      open
      placement="right"
      size="lg"
      onOpenChange={(open) => (open ? undefined : onClose())}
      dismissible={draft === start}
      title={TITLES[purpose.kind]}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" loading={save.isPending}>
            {purpose.kind === 'edit' ? 'Save' : 'Create schedule'}
          </Button>
        </>
      }
    >
      <form ref={element} id={form} onSubmit={submit} className="flex flex-col gap-6" noValidate>
        {faults[''] ? <ErrorNotice compact title={faults['']} /> : null}
        <WhatSection {...parts} fixed={purpose.kind === 'edit'} />
        <WhenSection {...parts} />
        <PolicySection {...parts} />
        <PayloadSection {...parts} />
      </form>
    </Dialog>
  );
}

function PayloadSection({ draft, faults, set }: SectionProps) {
  const fault = faults.payload ?? payloadFault(draft.payload);
  return (
    <FormSection title="Payload">
      <Field
        label="JSON"
        optional
        error={fault}
        description={
          <>
            Handed to every run. A node reads it as{' '}
            <code className="font-mono">{'{{ trigger.payload.region }}'}</code>.
          </>
        }
      >
        <Textarea
          mono
          rows={4}
          placeholder={'{ "region": "north" }'}
          value={draft.payload}
          onValueChange={(payload) => set({ payload })}
        />
      </Field>
    </FormSection>
  );
}

interface SaveEvents {
  readonly onSaved: () => void;
  readonly onRefused: (faults: Faults) => void;
}

function useSave(purpose: FormPurpose, { onSaved, onRefused }: SaveEvents) {
  return useMutation({
    mutationFn: (draft: Draft) => {
      const { interval_seconds, ...settings } = settingsOf(draft);
      const fields = { ...settings, ...(interval_seconds !== undefined && { interval_seconds }) };
      if (purpose.kind === 'edit') {
        return api.schedules.update.mutate({ schedule_id: purpose.schedule.id, ...fields });
      }
      const { workflowId, triggerNodeId } = draft;
      return api.schedules.create.mutate({
        ...fields,
        workflow_id: workflowId ?? 0,
        trigger_node_id: triggerNodeId,
      });
    },
    onSuccess: ({ name }) => {
      void refetchSchedules();
      toast.success(purpose.kind === 'edit' ? `Saved “${name}”` : `Created “${name}”`);
      onSaved();
    },
    onError: (error) => onRefused(faultsFrom(readProblem(error))),
  });
}
