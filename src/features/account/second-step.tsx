'use client';

import { useMutation } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { type SubmitEvent, useRef, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { CODE_LENGTH, CodeField } from './code-field.tsx';
import { RecoveryCodeField } from './recovery-code-field.tsx';
import { type Refusal, readRefusal } from './second-step-refusal.ts';

interface SecondStepProps {
  username: string;
  onDone: () => void;
  /** Back to the password; with a reason when the server asks for it again. */
  onBack: (reason?: string) => void;
}

/** The code after the password: six digits of the app, or one of the recovery codes. */
export function SecondStep({ username, onDone, onBack }: SecondStepProps) {
  const [way, setWay] = useState<'app' | 'recovery'>('app');
  const [code, setCode] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const failures = useRef(0);
  const field = useRef<HTMLInputElement>(null);
  const verify = useMutation(
    trpc.mfa.openSession.mutationOptions({
      onSuccess: onDone,
      onError: (error) => {
        failures.current += 1;
        const read = readRefusal(readProblem(error), { way, failures: failures.current });
        if (read.startOver) onBack(read.message);
        else setRefusal(read);
        setCode('');
        field.current?.focus();
      },
    }),
  );
  const busy = verify.isPending || verify.isSuccess;
  const send = (text: string) => {
    setRefusal(null);
    verify.mutate({ username, ...(way === 'app' ? { code: text } : { recovery_code: text.trim() }) });
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    if (way === 'app' ? code.length === CODE_LENGTH : code.trim() !== '') send(code);
    else setRefusal({ message: way === 'app' ? 'Type all six digits.' : 'Type one of your recovery codes.' });
  };
  const change = (text: string) => {
    setCode(text);
    if (text !== '') setRefusal(null);
  };
  const turn = () => {
    setWay(way === 'app' ? 'recovery' : 'app');
    setCode('');
    setRefusal(null);
  };
  const shown = { ref: field, value: code, error: refusal?.message, busy };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
      <p className="text-sm text-pretty text-muted">
        {way === 'app' ? 'Your authenticator app shows a code for ' : 'Use one of the codes you saved for '}
        <span className="font-medium text-text">{username}</span>.
      </p>
      {refusal?.general ? <ErrorNotice compact title={refusal.message} /> : null}
      {way === 'app' ? (
        <CodeField
          key="app"
          autoFocus
          {...shown}
          error={refusal?.general ? undefined : refusal?.message}
          onValueChange={change}
          onComplete={send}
        />
      ) : (
        <RecoveryCodeField key="recovery" {...shown} onValueChange={change} />
      )}
      <Button type="submit" variant="primary" size="lg" loading={busy}>
        Sign in
      </Button>
      <div className="-mb-2 flex flex-wrap items-center justify-between gap-2">
        <Button variant="ghost" size="sm" icon={<ArrowLeft />} className="-ml-2.5" onClick={() => onBack()}>
          Back
        </Button>
        <Button variant="ghost" size="sm" className="-mr-2.5 text-link" onClick={turn}>
          {way === 'app' ? 'Use a recovery code instead' : 'Use the authenticator app'}
        </Button>
      </div>
    </form>
  );
}
