'use client';

import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { SecretLine } from '#ui/secret-line.tsx';
import { Select } from '#ui/select.tsx';

const LIFETIMES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
  { value: 'never', label: 'Never' },
] as const;
type Lifetime = (typeof LIFETIMES)[number]['value'];

/** Asks for a name and a lifetime, then shows the key: the only time it can be read. */
export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const form = useId();
  const create = useMutation(
    trpc.users.createKey.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.users.keys.queryKey() }),
    }),
  );
  const made = create.data;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      dismissible={made === undefined}
      size={made ? 'md' : 'sm'}
      title={made ? `“${made.name}” was created` : 'Create an API key'}
      description={
        made ? 'Copy the key now. It is stored only as a hash and cannot be shown again.' : undefined
      }
      footer={
        made ? (
          <Button variant="primary" onClick={onClose}>
            I have copied it
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" form={form} variant="primary" loading={create.isPending}>
              Create key
            </Button>
          </>
        )
      }
    >
      {made ? (
        <SecretLine value={made.key} copyLabel="Copy key" testId="api-key" />
      ) : (
        <KeyForm
          id={form}
          error={create.error}
          onCreate={(name, lifetime) => create.mutate({ name, expires_at: expiryOf(lifetime) })}
        />
      )}
    </Dialog>
  );
}

function expiryOf(lifetime: Lifetime): string | null {
  if (lifetime === 'never') return null;
  return new Date(Date.now() + Number(lifetime) * 86_400_000).toISOString();
}

interface KeyFormProps {
  /** For the button below it. */
  id: string;
  error: unknown;
  onCreate: (name: string, lifetime: Lifetime) => void;
}

function KeyForm({ id, error, onCreate }: KeyFormProps) {
  const [name, setName] = useState('');
  const [lifetime, setLifetime] = useState<Lifetime>('90');
  const [missing, setMissing] = useState(false);
  const problem = error ? readProblem(error) : null;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setMissing(name.trim() === '');
    if (name.trim() !== '') onCreate(name.trim(), lifetime);
  };
  return (
    <form id={id} onSubmit={submit} className="flex flex-col gap-4" noValidate>
      {problem && Object.keys(problem.fields).length === 0 ? (
        <ErrorNotice compact title={problem.message} />
      ) : null}
      <Field label="Name" error={missing ? 'Name the program that will use the key.' : problem?.fields.name}>
        <Input autoFocus maxLength={100} placeholder="Deploy script" value={name} onValueChange={setName} />
      </Field>
      <Field label="Expires after" error={problem?.fields.expires_at}>
        <Select value={lifetime} onValueChange={setLifetime} items={[...LIFETIMES]} />
      </Field>
    </form>
  );
}
