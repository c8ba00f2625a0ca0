'use client';

import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { Button } from '#ui/button.tsx';
import { Card } from '#ui/card.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { toast } from '#ui/toast.tsx';

/** First and last name. */
export function NameCard({ user }: { user: OutputOf<'users', 'me'> }) {
  const [first, setFirst] = useState(user.first_name);
  const [last, setLast] = useState(user.last_name);
  const save = useMutation(
    trpc.users.updateMe.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.users.me.queryKey() });
        toast.success('Profile saved');
      },
    }),
  );
  const problem = save.error ? readProblem(save.error) : null;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate({ first_name: first.trim(), last_name: last.trim() });
  };
  const changed = first.trim() !== user.first_name || last.trim() !== user.last_name;
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title="Profile"
        footer={
          <Button type="submit" variant="primary" disabled={!changed} loading={save.isPending}>
            Save
          </Button>
        }
      >
        <div className="flex flex-col gap-4">
          {problem && Object.keys(problem.fields).length === 0 ? (
            <ErrorNotice compact title={problem.message} />
          ) : null}
          <Field
            label="Username"
            description={user.role === 'admin' ? 'Administrator of this installation.' : undefined}
          >
            <Input value={user.username} readOnly autoComplete="username" />
          </Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="First name" optional error={problem?.fields.first_name}>
              <Input maxLength={200} autoComplete="given-name" value={first} onValueChange={setFirst} />
            </Field>
            <Field label="Last name" optional error={problem?.fields.last_name}>
              <Input maxLength={200} autoComplete="family-name" value={last} onValueChange={setLast} />
            </Field>
          </div>
        </div>
      </Card>
    </form>
  );
}
