'use client';

import type { Ref } from 'react';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';

interface RecoveryCodeFieldProps {
  ref: Ref<HTMLInputElement>;
  value: string;
  error: string | undefined;
  busy: boolean;
  onValueChange: (text: string) => void;
}

/** One of the codes that were saved when the second factor was turned on. */
export function RecoveryCodeField({ ref, value, error, busy, onValueChange }: RecoveryCodeFieldProps) {
  return (
    <Field label="Recovery code" error={error} description="Each one works once.">
      <Input
        ref={ref}
        inputSize="lg"
        name="recovery_code"
        autoComplete="off"
        autoCapitalize="none"
        autoFocus
        spellCheck={false}
        maxLength={64}
        readOnly={busy}
        value={value}
        onValueChange={onValueChange}
        className="font-mono text-base"
      />
    </Field>
  );
}
