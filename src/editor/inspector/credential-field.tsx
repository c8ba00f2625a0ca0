'use client';

import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { trpc } from '#client/trpc.ts';
import { missingName } from '#domain/credential/reference.ts';
import { Button } from '#ui/button.tsx';
import { Link } from '#ui/link.tsx';
import { Select } from '#ui/select.tsx';
import type { ConfigFieldProps } from './field-props.ts';

const NONE = 'none';
const MISSING = 'missing';
const LIMIT = 1000;

/** Chooses one of the credentials that can do what the field needs; one that is not here is shown by its name. */
export function CredentialField({ field, value, onChange }: ConfigFieldProps) {
  const input = { limit: LIMIT, sort: 'name', use: field.use ?? '' };
  const found = useQuery(trpc.credentials.list.queryOptions(input));
  const missing = missingName(value);
  const items = [
    { value: NONE, label: 'None' },
    ...(missing === null ? [] : [{ value: MISSING, label: `“${missing}” is not here`, disabled: true }]),
    ...(found.data?.items ?? []).map(({ id, name, hosts }) => ({
      value: String(id),
      label: name,
      description: hosts.join(', ') || 'Bound to no host yet',
      icon: <KeyRound />,
    })),
  ];
  const current = typeof value === 'number' ? String(value) : missing === null ? NONE : MISSING;
  return (
    <div className="flex flex-col gap-1">
      <Select
        items={items}
        value={current}
        onValueChange={(next) => onChange(next === NONE ? null : Number(next))}
        placeholder={found.isPending ? 'Loading…' : 'Not found'}
        ariaLabel={field.title}
      />
      {found.isError ? (
        <Button size="sm" onClick={() => found.refetch()}>
          The credentials could not be loaded. Try again
        </Button>
      ) : null}
      <Link href="/credentials" className="self-start text-xs">
        Manage credentials
      </Link>
    </div>
  );
}
