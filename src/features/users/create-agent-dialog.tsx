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
import { Textarea } from '#ui/textarea.tsx';

/** Asks what the agent is for, then shows its key: the only time it can be read. */
export function CreateAgentDialog({ onClose }: { onClose: () => void }) {
  const form = useId();
  const create = useMutation(
    trpc.agents.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.agents.list.queryKey() }),
    }),
  );
  const made = create.data;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      dismissible={made === undefined}
      size={made ? 'md' : 'sm'}
      title={made ? `“${made.username}” was created` : 'Create an agent'}
      description={
        made ? 'Copy its key now. It is stored only as a hash and cannot be shown again.' : undefined
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
              Create agent
            </Button>
          </>
        )
      }
    >
      {made ? (
        <SecretLine value={made.key} copyLabel="Copy key" testId="agent-key" />
      ) : (
        <AgentForm
          id={form}
          error={create.error}
          onCreate={(username, purpose) => create.mutate({ ...(username !== '' && { username }), purpose })}
        />
      )}
    </Dialog>
  );
}

interface AgentFormProps {
  /** For the button below it. */
  id: string;
  error: unknown;
  onCreate: (username: string, purpose: string) => void;
}

function AgentForm({ id, error, onCreate }: AgentFormProps) {
  const [username, setUsername] = useState('');
  const [purpose, setPurpose] = useState('');
  const problem = error ? readProblem(error) : null;
  const taken = problem?.status === 409;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onCreate(username.trim(), purpose.trim());
  };
  return (
    <form id={id} onSubmit={submit} className="flex flex-col gap-4" noValidate>
      {problem && !taken && Object.keys(problem.fields).length === 0 ? (
        <ErrorNotice compact title={problem.message} />
      ) : null}
      <Field
        label="Username"
        optional
        description="Made up for you when you leave it out."
        error={taken ? problem?.message : problem?.fields['username']}
      >
        <Input
          autoFocus
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={150}
          value={username}
          onValueChange={setUsername}
        />
      </Field>
      <Field label="Purpose" optional error={problem?.fields['purpose']}>
        <Textarea
          rows={3}
          maxLength={2000}
          placeholder="Files incoming invoices"
          value={purpose}
          onValueChange={setPurpose}
        />
      </Field>
    </form>
  );
}
