'use client';

import { useQuery } from '@tanstack/react-query';
import { trpc } from '#client/trpc.ts';
import { ButtonLink } from '#ui/button.tsx';
import { Combobox } from '#ui/combobox.tsx';
import { Field } from '#ui/field.tsx';
import { NumberField } from '#ui/number-field.tsx';
import type { Draft } from './memory-search.ts';

interface FieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** What is missing is said. */
  tried: boolean;
}

/** Whose model, which one, and how it is used. */
export function MemorySearchFields({ draft, change, tried }: FieldsProps) {
  const { credential, model, dimensions, similarity } = draft;
  const accounts = useQuery(trpc.credentials.list.queryOptions({ limit: 1000, sort: 'name', use: 'llm' }));
  const items = (accounts.data?.items ?? []).filter(({ detail }) => detail['provider_type'] !== 'anthropic');
  const listed = useQuery(
    trpc.credentials.models.queryOptions(
      { credential_id: credential ?? 0 },
      { enabled: credential !== null, staleTime: 300_000, retry: false },
    ),
  );
  if (accounts.data && items.length === 0) {
    return (
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-md bg-sunken px-4 py-3 text-sm text-muted">
        There is no account of a provider with embedding models yet.
        <ButtonLink size="sm" href="/credentials">
          Add one
        </ButtonLink>
      </div>
    );
  }
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Account" error={tried && credential === null ? 'Choose an account.' : undefined}>
          <Combobox
            placeholder="Choose an account"
            loading={accounts.isPending}
            clearable={false}
            items={items.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={credential === null ? null : String(credential)}
            onValueChange={(next) => change({ credential: next === null ? null : Number(next) })}
          />
        </Field>
        <Field label="Model" error={tried && model === '' ? 'Choose or type a model.' : undefined}>
          <Combobox
            placeholder="Such as text-embedding-3-small"
            emptyText={
              credential === null ? 'Choose an account first, or type a name' : 'Type the name of a model'
            }
            loading={credential !== null && listed.isPending}
            clearable={false}
            items={embeddingFirst(listed.data ?? [])}
            value={model === '' ? null : model}
            onValueChange={(next) => change({ model: next ?? '' })}
            onCreate={(name) => change({ model: name })}
            createWord="Use"
          />
        </Field>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Dimensions"
          optional
          description="Empty: as the model makes them. Shorter vectors take less room; not every model can make them."
        >
          <NumberField
            value={dimensions}
            onValueChange={(next) => change({ dimensions: next === null ? null : Math.round(next) })}
            min={8}
            max={4096}
            step={256}
            placeholder="As the model makes them"
          />
        </Field>
        <Field label="Least alike" description="What is less alike a question is not found by its meaning.">
          <NumberField
            value={similarity}
            onValueChange={(next) => change({ similarity: next ?? 25 })}
            min={0}
            max={100}
            step={5}
            unit="%"
          />
        </Field>
      </div>
    </>
  );
}

/** What is called an embedding model stands first. */
function embeddingFirst(models: readonly { id: string; name: string }[]) {
  const isEmbedding = ({ id }: { id: string }): boolean => /embed|bge|e5|gte|minilm/i.test(id);
  return [...models.filter(isEmbedding), ...models.filter((one) => !isEmbedding(one))].map(
    ({ id, name }) => ({
      value: id,
      label: id,
      ...(name !== id && { description: name }),
    }),
  );
}
