'use client';

import { useQuery } from '@tanstack/react-query';
import { trpc } from '#client/trpc.ts';
import { Combobox } from '#ui/combobox.tsx';

interface ModelNameProps {
  /** The account whose models are offered; null for none. */
  credential: number | null;
  value: string;
  onChange: (name: string) => void;
  placeholder?: string;
}

/** The name of a model: one of those its provider lists, or whatever is typed. */
export function ModelNameInput({ credential, value, onChange, placeholder = 'Model name' }: ModelNameProps) {
  const listed = useQuery({
    ...trpc.credentials.models.queryOptions({ credential_id: credential ?? 0 }),
    enabled: credential !== null,
    staleTime: 300_000,
    retry: false,
  });
  return (
    <Combobox
      items={(listed.data ?? []).map(({ id, name }) => ({
        value: id,
        label: id,
        ...(name !== id && { description: name }),
      }))}
      value={value === '' ? null : value}
      onValueChange={(next) => onChange(next ?? '')}
      onCreate={onChange}
      createWord="Use"
      placeholder={placeholder}
      emptyText={credential === null ? 'Choose an account first, or type a name' : 'Type the name of a model'}
      loading={credential !== null && listed.isPending}
      ariaLabel="Model"
    />
  );
}
