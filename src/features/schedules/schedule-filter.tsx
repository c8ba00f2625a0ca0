'use client';

import { SCHEDULE_STATUSES, type ScheduleStatus } from '#domain/schedule/timing.ts';
import { Combobox } from '#ui/combobox.tsx';
import { SearchField } from '#ui/search-field.tsx';
import { Select } from '#ui/select.tsx';
import type { ListState, Sort } from './list-state.ts';
import { scheduleStatusLabel } from './schedule-status.tsx';
import { useWorkflowItems } from './use-workflow-items.ts';

const ANY = '*';
const STATUS_ITEMS: { value: ScheduleStatus | typeof ANY; label: string }[] = [
  { value: ANY, label: 'Every status' },
  ...SCHEDULE_STATUSES.map((status) => ({ value: status, label: scheduleStatusLabel(status) })),
];
const SORT_ITEMS: { value: Sort; label: string }[] = [
  { value: '-created_at', label: 'Newest first' },
  { value: 'next_run_at', label: 'Next to run' },
  { value: '-last_run_at', label: 'Last to have run' },
  { value: '-error_count', label: 'Most errors' },
  { value: 'name', label: 'Name' },
  { value: 'created_at', label: 'Oldest first' },
];

interface ScheduleFilterProps {
  state: ListState;
  change: (change: Partial<ListState>) => void;
}

/** Search, status, workflow and order of the list. */
export function ScheduleFilter({ state, change }: ScheduleFilterProps) {
  const workflows = useWorkflowItems(state.workflow === 0 ? null : state.workflow);
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <SearchField
        className="w-full sm:max-w-64"
        value={state.q}
        onValueChange={(q) => change({ q, offset: 0 })}
        placeholder="Search schedules"
        shortcut="/"
        delay={200}
      />
      <Select
        className="w-auto min-w-32 flex-1 sm:flex-none"
        ariaLabel="Status"
        value={state.status === '' ? ANY : state.status}
        onValueChange={(status) => change({ status: status === ANY ? '' : status, offset: 0 })}
        items={STATUS_ITEMS}
      />
      <div className="w-full max-sm:order-last sm:w-56">
        <Combobox
          ariaLabel="Workflow"
          placeholder="Every workflow"
          clearable
          loading={workflows.loading}
          value={state.workflow === 0 ? null : String(state.workflow)}
          onValueChange={(id) => change({ workflow: Number(id ?? 0), offset: 0 })}
          items={workflows.items}
        />
      </div>
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
