'use client';

import { Field } from '#ui/field.tsx';
import { Select } from '#ui/select.tsx';
import { TagField } from '#ui/tag-field.tsx';
import { Textarea } from '#ui/textarea.tsx';
import type { PartProps } from './field-part.ts';
import { SecretField } from './secret-field.tsx';

const ADAPTERS = [
  { value: 'telegram', label: 'Telegram' },
  { value: 'generic', label: 'Generic' },
];

/** The bot of a messenger. Its token is kept by the message gateway, not here. */
export function GatewayFields({ part, faults, set }: PartProps<'gateway'>) {
  const isKnown = ADAPTERS.some(({ value }) => value === part.adapter);
  return (
    <>
      <Field label="Messenger">
        <Select
          items={isKnown ? ADAPTERS : [...ADAPTERS, { value: part.adapter, label: part.adapter }]}
          value={part.adapter}
          onValueChange={(adapter) => set({ adapter })}
        />
      </Field>
      <SecretField
        label="Token"
        description="Of the bot. It goes to the message gateway and is not stored here."
        error={faults['token']}
        secret={part.token}
        onChange={(token) => set({ token })}
      />
      <Field
        label="Allowed users"
        optional
        error={faults['allowed_user_ids']}
        description="Ids of those who may write to the bot; without any, everybody may."
      >
        <TagField
          value={part.allowedUsers}
          onValueChange={(allowedUsers) => set({ allowedUsers })}
          placeholder="123456789"
        />
      </Field>
      <Field
        label="Settings"
        optional
        error={faults['config']}
        description="JSON that the gateway’s adapter is given. Empty: it stays as it is."
      >
        <Textarea
          mono
          rows={3}
          placeholder="{ }"
          value={part.config}
          onValueChange={(config) => set({ config })}
        />
      </Field>
    </>
  );
}
