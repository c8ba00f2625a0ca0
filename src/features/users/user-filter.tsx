'use client';

import { SearchField } from '#ui/search-field.tsx';
import { Select } from '#ui/select.tsx';
import type { ListState } from './list-state.ts';
import { ROLE_LABELS } from './user.ts';

const ANY = '*';
const ROLE_ITEMS = [
  { value: ANY, label: 'Every role' },
  { value: 'admin', label: ROLE_LABELS.admin },
  { value: 'normal', label: ROLE_LABELS.normal },
] as const;
const STATE_ITEMS = [
  { value: ANY, label: 'Active and disabled' },
  { value: 'active', label: 'Active' },
  { value: 'disabled', label: 'Disabled' },
] as const;

interface UserFilterProps {
  state: ListState;
  change: (change: Partial<ListState>) => void;
}

/** Search, role and state of the list. */
export function UserFilter({ state, change }: UserFilterProps) {
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <SearchField
        className="w-full sm:max-w-72"
        value={state.q}
        onValueChange={(q) => change({ q, offset: 0 })}
        placeholder="Search users"
        shortcut="/"
        delay={200}
      />
      <Select
        className="w-auto min-w-36 flex-1 sm:flex-none"
        ariaLabel="Role"
        value={state.role === '' ? ANY : state.role}
        onValueChange={(role) => change({ role: role === ANY ? '' : role, offset: 0 })}
        items={ROLE_ITEMS}
      />
      <Select
        className="w-auto min-w-44 flex-1 sm:flex-none"
        ariaLabel="State"
        value={state.state === '' ? ANY : state.state}
        onValueChange={(active) => change({ state: active === ANY ? '' : active, offset: 0 })}
        items={STATE_ITEMS}
      />
    </div>
  );
}
