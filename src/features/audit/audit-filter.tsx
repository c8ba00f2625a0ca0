'use client';

import { useQuery } from '@tanstack/react-query';
import { trpc } from '#client/trpc.ts';
import { AUDIT_ACTIONS } from '#domain/access/audit-action.ts';
import { Button } from '#ui/button.tsx';
import { Combobox } from '#ui/combobox.tsx';
import { Input } from '#ui/input.tsx';
import { SearchField } from '#ui/search-field.tsx';
import { Select } from '#ui/select.tsx';
import { actionLabel } from './action-label.ts';
import { isFiltered, type ListState, NO_FILTER, type Period } from './list-state.ts';

const EVER = '*';
const PERIOD_ITEMS: { value: Exclude<Period, ''> | typeof EVER; label: string }[] = [
  { value: EVER, label: 'Any time' },
  { value: 'hour', label: 'Last hour' },
  { value: 'day', label: 'Last 24 hours' },
  { value: 'week', label: 'Last 7 days' },
  { value: 'month', label: 'Last 30 days' },
  { value: 'dates', label: 'Between dates…' },
];
const ACTION_ITEMS = AUDIT_ACTIONS.map((action) => ({ value: action, label: actionLabel(action) }));

interface AuditFilterProps {
  state: ListState;
  change: (change: Partial<ListState>) => void;
}

/** Narrows the log to an action, a person, a time and a text. */
export function AuditFilter({ state, change }: AuditFilterProps) {
  const users = useQuery(trpc.users.list.queryOptions({ limit: 1000 }, { staleTime: 60_000 }));
  const names = users.data?.items.map(({ username }) => ({ value: username, label: username })) ?? [];
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <SearchField
        className="w-full sm:w-56"
        value={state.q}
        onValueChange={(q) => change({ q, offset: 0 })}
        placeholder="Search the log"
        shortcut="/"
        delay={250}
      />
      <div className="w-full sm:w-48">
        <Combobox
          ariaLabel="Action"
          placeholder="Every action"
          value={state.action === '' ? null : state.action}
          onValueChange={(action) => change({ action: action ?? '', offset: 0 })}
          items={ACTION_ITEMS}
        />
      </div>
      <div className="min-w-40 flex-1 sm:w-44 sm:flex-none">
        <Combobox
          ariaLabel="Who"
          placeholder="Everyone"
          loading={users.isPending}
          value={state.actor === '' ? null : state.actor}
          onValueChange={(actor) => change({ actor: actor ?? '', offset: 0 })}
          items={names}
        />
      </div>
      <Select
        className="w-auto min-w-36 flex-1 sm:flex-none"
        ariaLabel="Time"
        value={state.period === '' ? EVER : state.period}
        onValueChange={(period) => change({ period: period === EVER ? '' : period, offset: 0 })}
        items={PERIOD_ITEMS}
      />
      {state.period === 'dates' ? <Dates state={state} change={change} /> : null}
      {isFiltered(state) ? (
        <Button variant="ghost" onClick={() => change(NO_FILTER)}>
          Clear
        </Button>
      ) : null}
    </div>
  );
}

function Dates({ state, change }: AuditFilterProps) {
  return (
    <span className="flex w-full items-center gap-2 text-sm text-muted sm:w-auto">
      <Input
        type="date"
        aria-label="From"
        max={state.to === '' ? undefined : state.to}
        value={state.from}
        onValueChange={(from) => change({ from, offset: 0 })}
      />
      <span aria-hidden>–</span>
      <Input
        type="date"
        aria-label="To and including"
        min={state.from === '' ? undefined : state.from}
        value={state.to}
        onValueChange={(to) => change({ to, offset: 0 })}
      />
    </span>
  );
}
