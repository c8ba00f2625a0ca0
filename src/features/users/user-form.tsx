'use client';

import type { ReactNode } from 'react';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { PasswordInput } from '#ui/password-input.tsx';
import { PasswordMeter } from '#ui/password-meter.tsx';
import { Select } from '#ui/select.tsx';
import type { User } from './user.ts';
import type { Faults, UserEntry } from './user-entry.ts';

const ROLE_ITEMS: { value: User['role']; label: string; description: string }[] = [
  { value: 'normal', label: 'User', description: 'Sees and edits what is theirs.' },
  { value: 'admin', label: 'Administrator', description: 'Sees everything, manages users and settings.' },
];

interface UserFormProps {
  id: string;
  entry: UserEntry;
  faults: Faults;
  onChange: (change: Partial<UserEntry>) => void;
  onSubmit: () => void;
  /** The account is there already: its username is fixed and an empty password stays as it is. */
  existing?: boolean | undefined;
  /** One's own role is not there to be changed. */
  roleNote?: ReactNode;
}

/** The fields of an account. */
export function UserForm({
  id,
  entry,
  faults,
  onChange,
  onSubmit,
  existing = false,
  roleNote,
}: UserFormProps) {
  return (
    <form
      id={id}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      className="flex flex-col gap-4"
      noValidate
    >
      {faults[''] ? <ErrorNotice compact title={faults['']} /> : null}
      {existing ? null : (
        <Field label="Username" error={faults.username}>
          <Input
            autoFocus
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={150}
            value={entry.username}
            onValueChange={(username) => onChange({ username })}
          />
        </Field>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="First name" optional error={faults.first_name}>
          <Input
            autoFocus={existing}
            autoComplete="off"
            maxLength={200}
            value={entry.first_name}
            onValueChange={(first_name) => onChange({ first_name })}
          />
        </Field>
        <Field label="Last name" optional error={faults.last_name}>
          <Input
            autoComplete="off"
            maxLength={200}
            value={entry.last_name}
            onValueChange={(last_name) => onChange({ last_name })}
          />
        </Field>
      </div>
      <Field label="Role" error={faults.role} description={roleNote}>
        <Select
          disabled={roleNote !== undefined}
          value={entry.role}
          onValueChange={(role) => onChange({ role })}
          items={ROLE_ITEMS}
        />
      </Field>
      <Field
        label={existing ? 'New password' : 'Password'}
        optional={existing}
        error={faults.password}
        description={<PasswordMeter password={entry.password} />}
      >
        <PasswordInput
          autoComplete="new-password"
          maxLength={256}
          value={entry.password}
          onValueChange={(password) => onChange({ password })}
        />
      </Field>
    </form>
  );
}
