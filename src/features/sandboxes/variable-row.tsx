'use client';

import { Trash2 } from 'lucide-react';
import { Combobox } from '#ui/combobox.tsx';
import { Field } from '#ui/field.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Input } from '#ui/input.tsx';
import { PasswordInput } from '#ui/password-input.tsx';
import { Select } from '#ui/select.tsx';
import type { CredentialChoice } from './use-credential-choice.ts';
import { CREDENTIAL_FIELDS, type Faults, type VariableDraft } from './variable-draft.ts';

const SOURCES = [
  { value: 'raw' as const, label: 'Value' },
  { value: 'credential' as const, label: 'Credential' },
];

interface VariableRowProps {
  draft: VariableDraft;
  /** Its place in the list, from 1: names the controls. */
  place: number;
  faults: Faults[number] | undefined;
  credentials: CredentialChoice;
  onChange: (change: Partial<VariableDraft>) => void;
  onRemove: () => void;
}

/** One variable: its name, and a value or what of a credential it holds. */
export function VariableRow({ draft, place, faults, credentials, onChange, onRemove }: VariableRowProps) {
  return (
    <li className="rounded-lg border bg-surface p-3">
      <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-2 gap-y-2 sm:grid-cols-[minmax(0,1fr)_8.5rem_auto]">
        <Field label={`Name of variable ${place}`} hideLabel error={faults?.key}>
          <Input
            mono
            maxLength={200}
            placeholder="API_TOKEN"
            autoCapitalize="none"
            autoComplete="off"
            value={draft.key}
            onValueChange={(key) => onChange({ key })}
          />
        </Field>
        <Select
          className="max-sm:col-span-2 max-sm:row-start-2"
          ariaLabel={`Source of variable ${place}`}
          value={draft.source}
          onValueChange={(source) => onChange({ source })}
          items={SOURCES}
        />
        <IconButton label={`Remove variable ${place}`} icon={<Trash2 />} onClick={onRemove} />
        <div className="col-span-full">
          {draft.source === 'raw' ? (
            <Field label={`Value of variable ${place}`} hideLabel error={faults?.value}>
              <PasswordInput
                mono
                maxLength={32_768}
                placeholder="Value"
                autoComplete="off"
                value={draft.value}
                onValueChange={(value) => onChange({ value })}
              />
            </Field>
          ) : (
            <CredentialParts
              draft={draft}
              place={place}
              faults={faults}
              credentials={credentials}
              onChange={onChange}
            />
          )}
        </div>
      </div>
    </li>
  );
}

function CredentialParts(props: Omit<VariableRowProps, 'onRemove'>) {
  const { draft, place, faults, credentials, onChange } = props;
  const chosen = credentials.items.find((one) => one.value === String(draft.credentialId));
  const known = CREDENTIAL_FIELDS[chosen?.type ?? ''] ?? [];
  const fields = known.map((field) => ({ value: field, label: field }));
  return (
    <div className="grid gap-2 sm:grid-cols-2">
      <Field label={`Credential of variable ${place}`} hideLabel error={faults?.credential}>
        <Combobox
          placeholder="Choose a credential"
          emptyText="There is no such credential"
          loading={credentials.loading}
          value={draft.credentialId === null ? null : String(draft.credentialId)}
          onValueChange={(id) => onChange({ credentialId: id === null ? null : Number(id), field: '' })}
          items={credentials.items}
        />
      </Field>
      <Field label={`Part of the credential of variable ${place}`} hideLabel error={faults?.field}>
        <Combobox
          placeholder="Which part of it"
          emptyText="Type the name of a part"
          value={draft.field === '' ? null : draft.field}
          onValueChange={(field) => onChange({ field: field ?? '' })}
          onCreate={(field) => onChange({ field })}
          items={fields}
        />
      </Field>
    </div>
  );
}
