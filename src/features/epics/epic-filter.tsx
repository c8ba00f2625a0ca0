'use client';

import { useQuery } from '@tanstack/react-query';
import { Tag } from 'lucide-react';
import { trpc } from '#client/trpc.ts';
import type { EpicStatus } from '#domain/epic/status.ts';
import { SearchField } from '#ui/search-field.tsx';
import { Select } from '#ui/select.tsx';
import type { ListState, Sort } from './list-state.ts';
import { EPIC_LOOKS, lookItems } from './status-look.tsx';

const SORT_ITEMS: { value: Sort; label: string }[] = [
  { value: '-created_at', label: 'Newest first' },
  { value: '-updated_at', label: 'Recently changed' },
  { value: 'title', label: 'Title' },
  { value: 'priority', label: 'Priority' },
];
const ANY = '*';

interface EpicFilterProps {
  state: ListState;
  change: (change: Partial<ListState>) => void;
}

/** Search, status, tag and order of the list. */
export function EpicFilter({ state, change }: EpicFilterProps) {
  const tags = useTags(state.tag);
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <SearchField
        className="w-full sm:max-w-72"
        value={state.q}
        onValueChange={(q) => change({ q, offset: 0 })}
        placeholder="Search epics"
        shortcut="/"
        delay={200}
      />
      <Select<EpicStatus | typeof ANY>
        className="w-auto min-w-36 flex-1 sm:flex-none"
        ariaLabel="Status"
        value={state.status === '' ? ANY : state.status}
        onValueChange={(status) => change({ status: status === ANY ? '' : status, offset: 0 })}
        items={[{ value: ANY, label: 'Every status' }, ...lookItems(EPIC_LOOKS)]}
      />
      {tags.length > 0 ? (
        <Select
          className="w-auto min-w-32 flex-1 sm:flex-none"
          ariaLabel="Tag"
          value={state.tag === '' ? ANY : state.tag}
          onValueChange={(tag) => change({ tag: tag === ANY ? '' : tag, offset: 0 })}
          items={[
            { value: ANY, label: 'Every tag' },
            ...tags.map((tag) => ({ value: tag, label: tag, icon: <Tag /> })),
          ]}
        />
      ) : null}
      <Select
        className="w-auto min-w-40 flex-1 sm:ml-auto sm:flex-none"
        ariaLabel="Order"
        value={state.sort}
        onValueChange={(sort) => change({ sort, offset: 0 })}
        items={SORT_ITEMS}
      />
    </div>
  );
}

/** The tags in use on the newest epics, and the chosen one. */
function useTags(chosen: string): string[] {
  const { data } = useQuery(trpc.epics.list.queryOptions({ limit: 200 }, { staleTime: 60_000 }));
  const tags = new Set(data?.items.flatMap((one) => one.tags));
  if (chosen !== '') tags.add(chosen);
  return [...tags].sort((a, b) => a.localeCompare(b));
}
