'use client';

import { SearchField } from '#ui/search-field.tsx';
import { Select } from '#ui/select.tsx';
import type { KeyListState, KeySort } from './key-list-state.ts';

const SORT_ITEMS: { value: KeySort; label: string }[] = [
  { value: '-created_at', label: 'Newest first' },
  { value: 'name', label: 'Name' },
  { value: '-last_used_at', label: 'Recently used' },
  { value: 'expires_at', label: 'Expiring first' },
];
const STATE_ITEMS = [
  { value: 'active', label: 'Not revoked' },
  { value: 'all', label: 'Revoked, too' },
] as const;

interface ApiKeyFilterProps {
  state: KeyListState;
  change: (change: Partial<KeyListState>) => void;
}

/** Search, state and order of the keys. */
export function ApiKeyFilter({ state, change }: ApiKeyFilterProps) {
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <SearchField
        className="w-full sm:max-w-72"
        value={state.q}
        onValueChange={(q) => change({ q })}
        placeholder="Search keys"
        shortcut="/"
        delay={150}
      />
      <Select
        className="w-auto min-w-34 flex-1 sm:flex-none"
        ariaLabel="State"
        value={state.revoked ? 'all' : 'active'}
        onValueChange={(shown) => change({ revoked: shown === 'all' })}
        items={STATE_ITEMS}
      />
      <Select
        className="w-auto min-w-36 flex-1 sm:ml-auto sm:flex-none"
        ariaLabel="Order"
        value={state.sort}
        onValueChange={(sort) => change({ sort })}
        items={SORT_ITEMS}
      />
    </div>
  );
}
