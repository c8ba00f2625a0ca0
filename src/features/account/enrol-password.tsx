'use client';

import { useState } from 'react';
import { PasswordPrompt, submitting } from './password-prompt.tsx';

interface EnrolPasswordProps {
  /** The id of the form, for the button below it. */
  form: string;
  fault: string;
  onPassword: (password: string) => void;
}

/** The password, where it was last given too long ago to hand out a secret. */
export function EnrolPassword({ form, fault, onPassword }: EnrolPasswordProps) {
  const [password, setPassword] = useState('');
  const [empty, setEmpty] = useState(false);
  const send = () => {
    setEmpty(password === '');
    if (password !== '') onPassword(password);
  };
  return (
    <form id={form} onSubmit={submitting(send)} noValidate>
      <PasswordPrompt
        autoFocus
        value={password}
        onValueChange={setPassword}
        error={empty ? 'Enter your password.' : fault}
      />
    </form>
  );
}
