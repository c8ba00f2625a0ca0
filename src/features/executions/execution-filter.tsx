'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { statusOfRun } from '#client/run-status.ts';
import { trpc } from '#client/trpc.ts';
import { EXECUTION_STATUSES, type ExecutionStatus } from '#domain/run/event.ts';
import { Combobox } from '#ui/combobox.tsx';
import { Select } from '#ui/select.tsx';
import { StatusIcon, statusLabel } from '#ui/status-badge.tsx';
import type { ListState } from './list-state.ts';

const ANY = '*';
const STATUS_ITEMS: { value: ExecutionStatus | typeof ANY; label: string; icon?: ReactNode }[] = [
  { value: ANY, label: 'Every status' },
  ...EXECUTION_STATUSES.map((status) => ({
    value: status,
    label: statusLabel(statusOfRun(status)),
    icon: <StatusIcon status={statusOfRun(status)} />,
  })),
];

interface ExecutionFilterProps {
  state: ListState;
  change: (change: Partial<ListState>) => void;
  /** At the end of the line. */
  children?: ReactNode;
}

/** Narrows the runs to a status and a workflow. */
export function ExecutionFilter({ state, change, children }: ExecutionFilterProps) {
  const workflows = useQuery(
    trpc.workflows.list.queryOptions({ limit: 200, sort: 'name' }, { staleTime: 60_000 }),
  );
  const items = (workflows.data?.items ?? []).map(({ slug, name }) => ({ value: slug, label: name }));
  const known = state.workflow === '' || items.some((item) => item.value === state.workflow);
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <Select
        className="w-full sm:w-44"
        ariaLabel="Status"
        value={state.status === '' ? ANY : state.status}
        onValueChange={(status) => change({ status: status === ANY ? '' : status, offset: 0 })}
        items={STATUS_ITEMS}
      />
      <div className="w-full sm:w-64">
        <Combobox
          ariaLabel="Workflow"
          placeholder="Every workflow"
          clearable
          loading={workflows.isPending}
          value={state.workflow === '' ? null : state.workflow}
          onValueChange={(workflow) => change({ workflow: workflow ?? '', offset: 0 })}
          items={known ? items : [{ value: state.workflow, label: state.workflow }, ...items]}
        />
      </div>
      <div className="ml-auto flex items-center gap-2">{children}</div>
    </div>
  );
}
