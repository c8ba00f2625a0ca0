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
import { PasswordMeter } from '#ui/password-meter.tsx';
import { MIN_PASSWORD } from '#ui/password-strength.ts';

type Faults = Readonly<Record<string, string>>;
interface Entry {
  readonly username: string;
  readonly password: string;
  readonly setup_token: string;
}

function faultsOf(entry: Entry, tokenRequired: boolean): Faults {
  return {
    ...(entry.username.trim() === '' && { username: 'Choose a username.' }),
    ...([...entry.password].length < MIN_PASSWORD && {
      password: `Use at least ${MIN_PASSWORD} characters.`,
    }),
    ...(tokenRequired &&
      entry.setup_token.trim() === '' && { setup_token: 'Copy the token from the server log.' }),
  };
}

/** Username and password of the first administrator, and the setup token when the server asks for it. */
export function SetupForm({ tokenRequired, onDone }: { tokenRequired: boolean; onDone: () => void }) {
  const [entry, setEntry] = useState<Entry>({ username: '', password: '', setup_token: '' });
  const [faults, setFaults] = useState<Faults>({});
  const setup = useMutation(
    trpc.auth.setup.mutationOptions({
      onSuccess: onDone,
      onError: (error) => setFaults(readFaults(error)),
    }),
  );
  const set = (key: keyof Entry) => (value: string) => {
    setEntry((now) => ({ ...now, [key]: value }));
    setFaults(({ [key]: _gone, '': _general, ...rest }) => rest);
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = faultsOf(entry, tokenRequired);
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    const { username, password, setup_token } = entry;
    const token = tokenRequired ? { setup_token: setup_token.trim() } : {};
    setup.mutate({ username: username.trim(), password, browser: true, ...token });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
      {faults[''] ? <ErrorNotice compact title={faults['']} /> : null}
      <Field label="Username" error={faults.username}>
        <Input
          inputSize="lg"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          maxLength={150}
          value={entry.username}
          onValueChange={set('username')}
        />
      </Field>
      <Field
        label="Password"
        error={faults.password}
        description={<PasswordMeter password={entry.password} />}
      >
        <PasswordInput
          inputSize="lg"
          name="password"
          autoComplete="new-password"
          value={entry.password}
          onValueChange={set('password')}
        />
      </Field>
      {tokenRequired ? (
        <Field
          label="Setup token"
          error={faults.setup_token}
          description="Printed in the server log at start. It proves that you run this installation."
        >
          <Input
            inputSize="lg"
            mono
            name="setup_token"
            autoComplete="off"
            value={entry.setup_token}
            onValueChange={set('setup_token')}
          />
        </Field>
      ) : null}
      <Button type="submit" variant="primary" size="lg" loading={setup.isPending || setup.isSuccess}>
        Create account
      </Button>
    </form>
  );
}

function readFaults(error: unknown): Faults {
  const problem = readProblem(error);
  const known = ['username', 'password', 'setup_token'].some((field) => field in problem.fields);
  if (known) return problem.fields;
  if (problem.status === 403) return { setup_token: problem.message };
  return { '': problem.message };
}
