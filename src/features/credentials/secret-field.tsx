'use client';

import { Lock } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { PasswordInput } from '#ui/password-input.tsx';
import { Textarea } from '#ui/textarea.tsx';
import type { Secret } from './secret.ts';

interface SecretFieldProps {
  label: string;
  secret: Secret;
  onChange: (secret: Secret) => void;
  error?: string | undefined;
  description?: string | undefined;
  placeholder?: string | undefined;
  optional?: boolean | undefined;
  /** For keys of several lines. */
  multiline?: boolean | undefined;
  /** One of several: what is said of all of them is said once. */
  brief?: boolean | undefined;
}

/** A secret that can be set and replaced, and never read again. */
export function SecretField(props: SecretFieldProps) {
  const { label, secret, onChange, error, description, optional, brief } = props;
  const isStored = secret.masked !== null;
  const isKept = isStored && secret.text === null;
  const replaced = useRef(false);
  return (
    <Field
      label={label}
      error={error}
      optional={optional}
      description={
        isKept && !brief ? 'Stored sealed. It can be replaced, but not be read again.' : description
      }
      action={
        isStored ? (
          <Button
            size="sm"
            variant="ghost"
            aria-label={isKept ? `Replace ${label.toLowerCase()}` : `Keep the stored ${label.toLowerCase()}`}
            onClick={() => {
              replaced.current = isKept;
              onChange({ ...secret, text: isKept ? '' : null });
            }}
          >
            {isKept ? 'Replace' : 'Keep the stored one'}
          </Button>
        ) : undefined
      }
    >
      {isKept ? (
        <div className="flex h-8 items-center gap-2 rounded-md border bg-sunken px-2.5 text-muted">
          <Lock className="size-3.5 shrink-0" aria-hidden />
          <span className="truncate font-mono text-xs">{secret.masked}</span>
        </div>
      ) : (
        <SecretInput {...props} autoFocus={replaced.current} />
      )}
    </Field>
  );
}

function SecretInput({
  secret,
  onChange,
  placeholder,
  multiline,
  autoFocus,
}: SecretFieldProps & { autoFocus: boolean }) {
  const shared = {
    autoComplete: 'off',
    placeholder,
    autoFocus,
    value: secret.text ?? '',
    onValueChange: (text: string) => onChange({ ...secret, text }),
  };
  return multiline ? (
    <Textarea mono rows={5} {...shared} />
  ) : (
    <PasswordInput mono data-1p-ignore {...shared} />
  );
}
