'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type SubmitEvent, useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { slugFault, slugOf } from './slug.ts';

/** Asks for a name, shows the address made from it, and goes to the editor. */
export function CreateWorkflowDialog({ onClose }: { onClose: () => void }) {
  const form = useId();
  const router = useRouter();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [ownSlug, setOwnSlug] = useState<string | null>(null);
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const slug = ownSlug ?? slugOf(name);
  const create = useMutation(
    trpc.workflows.create.mutationOptions({
      onSuccess: (workflow) => {
        void queries.invalidateQueries({ queryKey: trpc.workflows.list.queryKey() });
        router.push(`/workflows/${workflow.slug}`);
      },
      onError: (error) => setFaults(faultsOf(error)),
    }),
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wrongSlug = slugFault(slug);
    const found = {
      ...(name.trim() === '' && { name: 'Give the workflow a name.' }),
      ...(wrongSlug !== null && { slug: wrongSlug }),
    };
    setFaults(found);
    if (Object.keys(found).length === 0) create.mutate({ name: name.trim(), slug });
  };
  const busy = create.isPending || create.isSuccess;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      size="sm"
      title="Create a workflow"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" loading={busy}>
            Create workflow
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        {faults[''] ? <ErrorNotice compact title={faults['']} /> : null}
        <Field label="Name" error={faults.name}>
          <Input autoFocus maxLength={200} placeholder="Daily report" value={name} onValueChange={setName} />
        </Field>
        <Field
          label="Address"
          error={faults.slug}
          description="Part of the page’s address and of API calls. If it is taken, a number is added."
        >
          <Input
            mono
            maxLength={200}
            leading={<span className="font-mono text-xs">/</span>}
            placeholder="daily-report"
            value={name === '' && ownSlug === null ? '' : slug}
            onValueChange={(text) => setOwnSlug(text === '' ? null : text.toLowerCase())}
          />
        </Field>
      </form>
    </Dialog>
  );
}

function faultsOf(error: unknown): Readonly<Record<string, string>> {
  const { fields, message, status } = readProblem(error);
  if ('name' in fields || 'slug' in fields) return fields;
  return status === 409 ? { slug: message } : { '': message };
}
