'use client';

import { useQuery } from '@tanstack/react-query';
import { trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import type { ComboboxItem } from '#ui/combobox.tsx';

type Workflow = OutputOf<'workflows', 'list'>['items'][number];

/** The workflows to choose from; `chosen` is among them even when it is not to be found. */
export function useWorkflowItems(chosen: number | null): {
  readonly items: ComboboxItem[];
  readonly loading: boolean;
  readonly workflow: Workflow | undefined;
} {
  const list = useQuery(
    trpc.workflows.list.queryOptions({ limit: 1000, sort: 'name' }, { staleTime: 60_000 }),
  );
  const workflows = list.data?.items ?? [];
  const workflow = workflows.find((one) => one.id === chosen);
  const items = workflows.map(({ id, name, slug }) => ({
    value: String(id),
    label: name,
    description: `/${slug}`,
  }));
  const unknown = chosen === null || workflow || list.isPending ? [] : [chosen];
  return {
    items: [
      ...unknown.map((id) => ({ value: String(id), label: `Workflow ${id}`, description: '' })),
      ...items,
    ],
    loading: list.isPending,
    workflow,
  };
}
