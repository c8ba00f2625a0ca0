'use client';

import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { PasswordInput } from '#ui/password-input.tsx';

const SECOND_FACTOR =
  'This account needs a second factor, which cannot be entered here yet. Use an API key instead.';

/** Username and password. `onDone` runs once the cookie is set. `username` fixes who signs in. */
export function SignInForm({
  onDone,
  username: fixed,
}: {
  onDone: () => void;
  username?: string | undefined;
}) {
  const [username, setUsername] = useState(fixed ?? '');
  const [password, setPassword] = useState('');
  const [complaint, setComplaint] = useState('');
  const signIn = useMutation(
    trpc.auth.openSession.mutationOptions({
      onSuccess: ({ requires_mfa }) => (requires_mfa ? setComplaint(SECOND_FACTOR) : onDone()),
      onError: (error) => setComplaint(explain(error)),
    }),
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setComplaint('');
    if (username.trim() === '' || password === '') setComplaint('Enter your username and your password.');
    else signIn.mutate({ username: username.trim(), password });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
      {complaint ? <ErrorNotice compact title={complaint} /> : null}
      <Field label="Username">
        <Input
          inputSize="lg"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={fixed === undefined}
          readOnly={fixed !== undefined}
          value={username}
          onValueChange={setUsername}
        />
      </Field>
      <Field label="Password">
        <PasswordInput
          inputSize="lg"
          name="password"
          autoComplete="current-password"
          autoFocus={fixed !== undefined}
          value={password}
          onValueChange={setPassword}
        />
      </Field>
      <Button type="submit" variant="primary" size="lg" loading={signIn.isPending || signIn.isSuccess}>
        Sign in
      </Button>
    </form>
  );
}

function explain(error: unknown): string {
  const { status, message } = readProblem(error);
  if (status === 401) return 'That username and password do not match. Check both, then try again.';
  return message;
}
