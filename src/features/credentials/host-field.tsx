'use client';

import { Field } from '#ui/field.tsx';
import { TagField } from '#ui/tag-field.tsx';

interface HostFieldProps {
  hosts: readonly string[];
  onChange: (hosts: readonly string[]) => void;
  /** Where it goes when none are named. */
  usual: readonly string[];
  error: string | undefined;
}

/** Where the secret may be sent. */
export function HostField({ hosts, onChange, usual, error }: HostFieldProps) {
  return (
    <Field
      label="Hosts"
      optional={usual.length > 0}
      error={error}
      description={
        <>
          The secret is sent to these hosts and nowhere else, whatever a workflow says. Write example.com,
          *.example.com or example.com:8443, each followed by Enter.
          {usual.length > 0 && hosts.length === 0 ? (
            <span className="mt-1 block">
              Left empty: <span className="font-mono text-text">{usual.join(', ')}</span>
            </span>
          ) : null}
        </>
      }
    >
      <TagField
        value={hosts}
        onValueChange={onChange}
        placeholder={usual.length > 0 ? usual.join(', ') : 'api.example.com'}
      />
    </Field>
  );
}
