'use client';

import type { ReactNode, Ref } from 'react';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';

/** Digits of a code an authenticator app shows. */
export const CODE_LENGTH = 6;

interface CodeFieldProps {
  value: string;
  onValueChange: (code: string) => void;
  /** Runs once the sixth digit is there. */
  onComplete: (code: string) => void;
  label?: string | undefined;
  description?: ReactNode;
  error?: string | undefined;
  busy?: boolean | undefined;
  autoFocus?: boolean | undefined;
  ref?: Ref<HTMLInputElement> | undefined;
}

/** Six digits; what is pasted or filled in may hold spaces. It stays one field, so that every password manager knows it. */
export function CodeField(props: CodeFieldProps) {
  const change = (text: string) => {
    const code = text.replaceAll(/\D/g, '').slice(0, CODE_LENGTH);
    props.onValueChange(code);
    if (code.length === CODE_LENGTH && code !== props.value && !props.busy) props.onComplete(code);
  };
  return (
    <Field label={props.label ?? 'Six-digit code'} error={props.error} description={props.description}>
      <Input
        ref={props.ref}
        inputSize="lg"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus={props.autoFocus}
        spellCheck={false}
        placeholder="000000"
        // Kept, not disabled, while it is checked: the focus stays here for the next try.
        readOnly={props.busy}
        value={props.value}
        onValueChange={change}
        className="h-12 pl-[calc(0.75rem+0.4em)] text-center font-mono text-xl tracking-[0.4em] tabular-nums placeholder:text-subtle/40"
      />
    </Field>
  );
}
