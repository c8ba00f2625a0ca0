'use client';

import { Plus, Trash2 } from 'lucide-react';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Input } from '#ui/input.tsx';
import { Select } from '#ui/select.tsx';
import type { HeaderDraft } from './credential-draft.ts';
import type { PartProps } from './field-part.ts';
import { LLM_PRESETS, presetById } from './llm-preset.ts';
import { NO_SECRET } from './secret.ts';
import { SecretField } from './secret-field.tsx';

const PROVIDERS = LLM_PRESETS.map(({ id, label, description }) => ({ value: id, label, description }));

/** Provider, key and address of a language model. */
export function LlmFields({ part, faults, set }: PartProps<'llm'>) {
  const preset = presetById(part.preset);
  const isOwnAddress = preset.providerType === 'openai_compatible';
  return (
    <>
      <Field label="Provider">
        <Select
          items={PROVIDERS}
          value={part.preset}
          onValueChange={(id) => set({ preset: id, baseUrl: presetById(id).baseUrl })}
        />
      </Field>
      <Field
        label="Address"
        optional={!isOwnAddress}
        error={faults['base_url']}
        description={
          isOwnAddress
            ? 'Of the API, with its version; the models are asked for at /models below it.'
            : 'Only for a proxy in front of the provider.'
        }
      >
        <Input
          mono
          maxLength={2000}
          placeholder={isOwnAddress ? 'https://example.com/v1' : 'The provider’s own'}
          value={part.baseUrl}
          onValueChange={(baseUrl) => set({ baseUrl })}
        />
      </Field>
      <SecretField
        label="API key"
        optional={isOwnAddress}
        error={faults['api_key']}
        secret={part.apiKey}
        onChange={(apiKey) => set({ apiKey })}
      />
      {preset.providerType === 'openai' ? (
        <Field label="Organization" optional error={faults['organization_id']}>
          <Input
            mono
            maxLength={200}
            placeholder="org-…"
            value={part.organization}
            onValueChange={(organization) => set({ organization })}
          />
        </Field>
      ) : null}
      <HeaderRows
        headers={part.headers}
        error={faults['custom_headers']}
        onChange={(headers) => set({ headers })}
      />
    </>
  );
}

interface HeaderRowsProps {
  headers: readonly HeaderDraft[];
  error: string | undefined;
  onChange: (headers: readonly HeaderDraft[]) => void;
}

function HeaderRows({ headers, error, onChange }: HeaderRowsProps) {
  const change = (key: number, part: Partial<HeaderDraft>) =>
    onChange(headers.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const add = () => {
    const key = Math.max(-1, ...headers.map((one) => one.key)) + 1;
    onChange([...headers, { key, name: '', value: NO_SECRET }]);
  };
  return (
    <div className="flex flex-col gap-3">
      {headers.map((header, index) => (
        <div key={header.key} className="flex items-start gap-2 rounded-lg border p-3">
          <div className="grid min-w-0 flex-1 gap-3 sm:grid-cols-2">
            <Field label="Header" error={index === 0 ? error : undefined}>
              <Input
                mono
                maxLength={200}
                placeholder="X-Title"
                value={header.name}
                onValueChange={(name) => change(header.key, { name })}
              />
            </Field>
            <SecretField
              brief
              label="Value"
              secret={header.value}
              onChange={(value) => change(header.key, { value })}
            />
          </div>
          <IconButton
            label={`Remove the header ${header.name}`}
            icon={<Trash2 />}
            size="sm"
            onClick={() => onChange(headers.filter((one) => one.key !== header.key))}
          />
        </div>
      ))}
      <Button className="w-fit" size="sm" icon={<Plus />} onClick={add}>
        Add a header
      </Button>
    </div>
  );
}
