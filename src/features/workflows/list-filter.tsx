'use client';

import { useQuery } from '@tanstack/react-query';
import { Tag } from 'lucide-react';
import { trpc } from '#client/trpc.ts';
import { SearchField } from '#ui/search-field.tsx';
import { Select } from '#ui/select.tsx';
import type { ListState, Sort } from './list-state.ts';

const SORT_ITEMS: { value: Sort; label: string }[] = [
  { value: '-updated_at', label: 'Recently changed' },
  { value: '-created_at', label: 'Newest first' },
  { value: 'name', label: 'Name' },
  { value: 'id', label: 'Oldest first' },
];
const ANY_TAG = '*';

/** Search, tag and order of the list. */
export function ListFilter({
  state,
  change,
}: {
  state: ListState;
  change: (change: Partial<ListState>) => void;
}) {
  const tags = useTags(state.tag);
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <SearchField
        className="w-full sm:max-w-80"
        value={state.q}
        onValueChange={(q) => change({ q, offset: 0 })}
        placeholder="Search workflows"
        shortcut="/"
        delay={200}
      />
      {tags.length > 0 ? (
        <Select
          className="w-auto min-w-32 flex-1 sm:flex-none"
          ariaLabel="Tag"
          value={state.tag === '' ? ANY_TAG : state.tag}
          onValueChange={(tag) => change({ tag: tag === ANY_TAG ? '' : tag, offset: 0 })}
          items={[
            { value: ANY_TAG, label: 'Every tag' },
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

/** The tags in use on the most recently changed workflows, and the chosen one. */
function useTags(chosen: string): string[] {
  const { data } = useQuery(
    trpc.workflows.list.queryOptions({ limit: 200, sort: '-updated_at' }, { staleTime: 60_000 }),
  );
  const tags = new Set(data?.items.flatMap((one) => one.tags ?? []));
  if (chosen !== '') tags.add(chosen);
  return [...tags].sort((a, b) => a.localeCompare(b));
}
