'use client';

import { CREDENTIAL_TYPES, type CredentialType } from '#domain/credential/kind.ts';
import { SearchField } from '#ui/search-field.tsx';
import { Select } from '#ui/select.tsx';
import { TYPE_LABELS } from './credential-kind.tsx';
import type { ListState, Sort } from './list-state.ts';

const ANY = '*';
const TYPE_ITEMS: { value: CredentialType | typeof ANY; label: string }[] = [
  { value: ANY, label: 'Every type' },
  ...CREDENTIAL_TYPES.map((type) => ({ value: type, label: TYPE_LABELS[type] })),
];
const SORT_ITEMS: { value: Sort; label: string }[] = [
  { value: 'name', label: 'Name' },
  { value: '-last_used_at', label: 'Recently used' },
  { value: '-updated_at', label: 'Recently changed' },
  { value: '-created_at', label: 'Newest first' },
  { value: 'id', label: 'Oldest first' },
  { value: 'type', label: 'Type' },
];

interface CredentialFilterProps {
  state: ListState;
  change: (change: Partial<ListState>) => void;
}

/** Search, type and order of the list. */
export function CredentialFilter({ state, change }: CredentialFilterProps) {
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <SearchField
        className="w-full sm:max-w-80"
        value={state.q}
        onValueChange={(q) => change({ q, offset: 0 })}
        placeholder="Search credentials"
        shortcut="/"
        delay={200}
      />
      <Select
        className="w-auto min-w-36 flex-1 sm:flex-none"
        ariaLabel="Type"
        value={state.type === '' ? ANY : state.type}
        onValueChange={(type) => change({ type: type === ANY ? '' : type, offset: 0 })}
        items={TYPE_ITEMS}
      />
      <Select
        className="w-auto min-w-36 flex-1 sm:ml-auto sm:flex-none"
        ariaLabel="Order"
        value={state.sort}
        onValueChange={(sort) => change({ sort, offset: 0 })}
        items={SORT_ITEMS}
      />
    </div>
  );
}
