'use client';

import { useQuery } from '@tanstack/react-query';
import { Brain } from 'lucide-react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Combobox } from '#ui/combobox.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import type { ConfigFieldProps } from './field-props.ts';

const STALE_MS = 5 * 60_000;

/** Chooses a model from what the provider of the credential beside it offers; any other name may be typed. */
export function ModelField({ field, value, error, siblings, onChange }: ConfigFieldProps) {
  const credential = siblings?.['llm_credential_id'];
  const id = typeof credential === 'number' ? credential : null;
  const found = useQuery(
    trpc.credentials.models.queryOptions(
      { credential_id: id ?? 0 },
      { enabled: id !== null, staleTime: STALE_MS, retry: false },
    ),
  );
  const models = found.data ?? [];
  const name = typeof value === 'string' && value !== '' ? value : null;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Field label={field.title} description={hintOf(id, found.data, field.description)} error={error}>
        <Combobox
          placeholder={id === null ? 'Choose an account first, or type a name' : 'Choose or type a name'}
          emptyText={id === null ? 'Type the name of a model' : 'The provider lists no such model'}
          loading={found.isFetching}
          items={models.map((one) => ({
            value: one.id,
            label: one.id,
            description: one.name === one.id ? undefined : one.name,
            icon: <Brain />,
          }))}
          value={name}
          onValueChange={(next) => onChange(next ?? '')}
          onCreate={onChange}
          createWord="Use"
        />
      </Field>
      {found.error ? (
        <ErrorNotice
          compact
          title="The models could not be listed"
          description={readProblem(found.error).message}
          onRetry={() => void found.refetch()}
        />
      ) : null}
    </div>
  );
}

function hintOf(id: number | null, models: readonly unknown[] | undefined, usual: string): string {
  if (id === null || models === undefined) return usual;
  return models.length === 0 ? `${usual} The provider does not list its models: type the name.` : usual;
}
