'use client';

import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Card } from '#ui/card.tsx';
import { Field } from '#ui/field.tsx';
import { PasswordInput } from '#ui/password-input.tsx';
import { PasswordMeter } from '#ui/password-meter.tsx';
import { MIN_PASSWORD } from '#ui/password-strength.ts';
import { toast } from '#ui/toast.tsx';

/** A new password. Other browsers are signed out by it. */
export function PasswordCard({ username }: { username: string }) {
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState('');
  const save = useMutation(
    trpc.users.updateMe.mutationOptions({
      onSuccess: async () => {
        setPassword('');
        await queryClient.invalidateQueries({ queryKey: trpc.sessions.list.queryKey() });
        toast.success('Password changed', { description: 'Every other browser is signed out.' });
      },
      onError: (error) => {
        const problem = readProblem(error);
        setFault(problem.fields.password ?? problem.message);
      },
    }),
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const short = [...password].length < MIN_PASSWORD;
    setFault(short ? `Use at least ${MIN_PASSWORD} characters.` : '');
    if (!short) save.mutate({ password });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title="Password"
        description="A new password signs every other browser out. API keys stay valid."
        footer={
          <Button type="submit" loading={save.isPending} disabled={password === ''}>
            Change password
          </Button>
        }
      >
        {/* Password managers file the new password under this name. */}
        <input type="text" hidden readOnly autoComplete="username" value={username} />
        <Field
          className="max-w-110"
          label="New password"
          error={fault}
          description={<PasswordMeter password={password} />}
        >
          <PasswordInput
            autoComplete="new-password"
            maxLength={256}
            value={password}
            onValueChange={setPassword}
          />
        </Field>
      </Card>
    </form>
  );
}
