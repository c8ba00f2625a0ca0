'use client';

import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { SegmentedControl } from '#ui/segmented-control.tsx';
import { Select } from '#ui/select.tsx';
import type { PartProps } from './field-part.ts';
import { SecretField } from './secret-field.tsx';

const PROVIDERS = [
  { value: 'github', label: 'GitHub' },
  { value: 'gitlab', label: 'GitLab' },
  { value: 'bitbucket', label: 'Bitbucket' },
  { value: 'other', label: 'Another server' },
];
const KINDS = [
  { value: 'token', label: 'Access token' },
  { value: 'ssh_key', label: 'SSH key' },
] as const;

/** Server and secret of a repository. */
export function GitFields({ part, faults, set }: PartProps<'git'>) {
  const isKnown = PROVIDERS.some(({ value }) => value === part.provider);
  return (
    <>
      <Field label="Server">
        <Select
          items={isKnown ? PROVIDERS : [...PROVIDERS, { value: part.provider, label: part.provider }]}
          value={part.provider}
          onValueChange={(provider) => set({ provider })}
        />
      </Field>
      <Field label="User name" optional error={faults['username']}>
        <Input
          maxLength={200}
          autoComplete="off"
          value={part.username}
          onValueChange={(username) => set({ username })}
        />
      </Field>
      <SegmentedControl
        ariaLabel="Kind of secret"
        items={KINDS}
        value={part.kind}
        onValueChange={(kind) => set({ kind })}
      />
      {part.kind === 'token' ? (
        <SecretField
          label="Access token"
          error={faults['access_token']}
          secret={part.token}
          onChange={(token) => set({ token })}
        />
      ) : (
        <SecretField
          multiline
          label="Private key"
          placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
          description="The whole file, from BEGIN to END, without a passphrase."
          error={faults['ssh_private_key']}
          secret={part.sshKey}
          onChange={(sshKey) => set({ sshKey })}
        />
      )}
      <SecretField
        optional
        label="Webhook secret"
        description="Proves that a webhook was sent by the server."
        error={faults['webhook_secret']}
        secret={part.webhookSecret}
        onChange={(webhookSecret) => set({ webhookSecret })}
      />
    </>
  );
}
