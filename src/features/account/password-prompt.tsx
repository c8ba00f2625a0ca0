'use client';

import type { SubmitEvent } from 'react';
import { Field } from '#ui/field.tsx';
import { PasswordInput } from '#ui/password-input.tsx';

interface PasswordPromptProps {
  value: string;
  onValueChange: (password: string) => void;
  error?: string | undefined;
  autoFocus?: boolean | undefined;
}

/** The password once more, where it was last given too long ago for what is asked. */
export function PasswordPrompt({ value, onValueChange, error, autoFocus }: PasswordPromptProps) {
  return (
    <Field
      label="Your password"
      error={error}
      description="You signed in a while ago, so this asks whether it is still you."
    >
      <PasswordInput
        autoFocus={autoFocus}
        autoComplete="current-password"
        maxLength={1024}
        value={value}
        onValueChange={onValueChange}
      />
    </Field>
  );
}

/** A form's submit handler without the page load. */
export const submitting = (send: () => void) => (event: SubmitEvent<HTMLFormElement>) => {
  event.preventDefault();
  send();
};
