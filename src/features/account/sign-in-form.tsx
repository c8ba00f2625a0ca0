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
import { SecondStep } from './second-step.tsx';

interface SignInFormProps {
  /** Runs once the cookie is set. */
  onDone: () => void;
  /** Fixes who signs in. */
  username?: string | undefined;
}

/** Username and password, then the code for those who have turned that on. */
export function SignInForm({ onDone, username: fixed }: SignInFormProps) {
  const [username, setUsername] = useState(fixed ?? '');
  const [waiting, setWaiting] = useState(false);
  const [complaint, setComplaint] = useState('');
  if (!waiting) {
    return (
      <PasswordStep
        fixed={fixed !== undefined}
        username={username}
        onUsername={setUsername}
        complaint={complaint}
        onComplaint={setComplaint}
        onDone={(requiresCode) => (requiresCode ? setWaiting(true) : onDone())}
      />
    );
  }
  const back = (reason = '') => {
    setWaiting(false);
    setComplaint(reason);
  };
  return <SecondStep username={username.trim()} onDone={onDone} onBack={back} />;
}

interface PasswordStepProps {
  fixed: boolean;
  username: string;
  onUsername: (username: string) => void;
  complaint: string;
  onComplaint: (complaint: string) => void;
  /** The password is right; `requiresCode`: a code is asked for next. */
  onDone: (requiresCode: boolean) => void;
}

function PasswordStep({ fixed, username, onUsername, complaint, onComplaint, onDone }: PasswordStepProps) {
  const [password, setPassword] = useState('');
  const signIn = useMutation(
    trpc.auth.openSession.mutationOptions({
      onSuccess: ({ requires_mfa }) => onDone(requires_mfa),
      onError: (error) => onComplaint(explain(error)),
    }),
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onComplaint('');
    if (username.trim() === '' || password === '') onComplaint('Enter your username and your password.');
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
          autoFocus={!fixed && username === ''}
          readOnly={fixed}
          value={username}
          onValueChange={onUsername}
        />
      </Field>
      <Field label="Password">
        <PasswordInput
          inputSize="lg"
          name="password"
          autoComplete="current-password"
          autoFocus={fixed || username !== ''}
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
  if (status === 429) return `${message} Until then the right password is refused as well.`;
  if (status === 401) return 'That username and password do not match. Check both, then try again.';
  return message;
}
