'use client';

import { Pause, Play, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { Pagination } from '#ui/pagination.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';
import { Table, TableBody, TableHead, TableHeaderCell, TableSelectCell } from '#ui/table.tsx';
import type { ListState, Sort } from './list-state.ts';
import type { Schedule, SchedulePage } from './schedule.ts';
import { ScheduleRow } from './schedule-row.tsx';
import { switchSchedules, useDeleteSchedules } from './use-schedule-action.ts';

interface ScheduleTableProps {
  page: SchedulePage;
  state: ListState;
  change: (change: Partial<ListState>, how?: { step?: boolean }) => void;
  onEdit: (schedule: Schedule) => void;
  onCopy: (schedule: Schedule) => void;
  /** Another page is on its way. */
  stale: boolean;
}

/** One page of schedules with selection and paging. */
export function ScheduleTable({ page, state, change, onEdit, onCopy, stale }: ScheduleTableProps) {
  const router = useRouter();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const remove = useDeleteSchedules();
  const chosen = page.items.filter((one) => selected.has(one.id));
  const select = (id: string, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    setSelected(next);
  };
  return (
    <>
      <Table label="Schedules" className={cn('transition-opacity', stale && 'opacity-60')}>
        <TableHead>
          <TableSelectCell
            header
            label="Select all on this page"
            checked={page.items.length > 0 && chosen.length === page.items.length}
            indeterminate={chosen.length > 0 && chosen.length < page.items.length}
            onCheckedChange={(on) => setSelected(new Set(on ? page.items.map((one) => one.id) : []))}
          />
          <Columns sort={state.sort} onSort={(sort) => change({ sort, offset: 0 })} />
        </TableHead>
        <TableBody>
          {page.items.map((schedule) => (
            <ScheduleRow
              key={schedule.id}
              schedule={schedule}
              selected={selected.has(schedule.id)}
              onSelect={(on) => select(schedule.id, on)}
              onOpen={() => router.push(`/schedules/${schedule.id}`)}
              onEdit={() => onEdit(schedule)}
              onCopy={() => onCopy(schedule)}
              onDelete={() => void remove([schedule])}
            />
          ))}
        </TableBody>
      </Table>
      <Pagination
        total={page.total}
        limit={state.limit}
        offset={state.offset}
        onChange={(next) => change(next, { step: true })}
      />
      <Chosen chosen={chosen} onClear={() => setSelected(new Set())} />
    </>
  );
}

function Columns({ sort, onSort }: { sort: Sort; onSort: (sort: Sort) => void }) {
  const by = (own: Sort) => ({
    sort: sort === own ? (own.startsWith('-') ? ('desc' as const) : ('asc' as const)) : ('none' as const),
    onSort: () => onSort(own),
  });
  return (
    <>
      <TableHeaderCell {...by('name')}>Name</TableHeaderCell>
      <TableHeaderCell width="15rem" className="max-lg:hidden">
        When
      </TableHeaderCell>
      <TableHeaderCell width="13rem" className="max-md:hidden" {...by('next_run_at')}>
        Next run
      </TableHeaderCell>
      <TableHeaderCell width="9rem" className="max-sm:hidden" {...by('-last_run_at')}>
        Last run
      </TableHeaderCell>
      <TableHeaderCell width="5rem" align="right" className="max-xl:hidden" {...by('-error_count')}>
        Errors
      </TableHeaderCell>
      <TableHeaderCell width="7rem" className="max-md:hidden">
        Status
      </TableHeaderCell>
      <TableHeaderCell width="3.5rem" hideLabel>
        Actions
      </TableHeaderCell>
    </>
  );
}

function Chosen({ chosen, onClear }: { chosen: readonly Schedule[]; onClear: () => void }) {
  const remove = useDeleteSchedules();
  const active = chosen.filter((one) => one.status === 'active');
  const paused = chosen.filter((one) => one.status === 'paused');
  const all = (some: readonly Schedule[]): string => (some.length === chosen.length ? '' : ` ${some.length}`);
  return (
    <SelectionBar count={chosen.length} onClear={onClear} itemName={['schedule', 'schedules']}>
      {active.length > 0 ? (
        <Button icon={<Pause />} onClick={() => void switchSchedules(active, 'pause').then(onClear)}>
          Pause{all(active)}
        </Button>
      ) : null}
      {paused.length > 0 ? (
        <Button icon={<Play />} onClick={() => void switchSchedules(paused, 'resume').then(onClear)}>
          Resume{all(paused)}
        </Button>
      ) : null}
      <Button
        variant="danger"
        icon={<Trash2 />}
        onClick={() => void remove(chosen).then((gone) => (gone ? onClear() : undefined))}
      >
        Delete
      </Button>
    </SelectionBar>
  );
}
