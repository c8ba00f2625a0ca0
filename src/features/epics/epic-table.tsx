'use client';

import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { Pagination } from '#ui/pagination.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';
import { Table, TableBody, TableHead, TableHeaderCell, TableSelectCell } from '#ui/table.tsx';
import type { Epic, EpicPage } from './epic.ts';
import { EpicDialog } from './epic-dialog.tsx';
import { EpicRow } from './epic-row.tsx';
import type { ListState } from './list-state.ts';
import { useDeleteEpics } from './use-epic-action.ts';

interface EpicTableProps {
  page: EpicPage;
  state: ListState;
  change: (change: Partial<ListState>, how?: { step?: boolean }) => void;
  /** Another page is on its way. */
  stale: boolean;
}

/** One page of epics with selection and paging. */
export function EpicTable({ page, state, change, stale }: EpicTableProps) {
  const router = useRouter();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [editing, setEditing] = useState<Epic | null>(null);
  const remove = useDeleteEpics();
  const chosen = page.items.filter((one) => selected.has(one.id));
  const select = (id: string, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    setSelected(next);
  };
  return (
    <>
      <Table label="Epics" className={cn('transition-opacity', stale && 'opacity-60')}>
        <Head
          state={state}
          change={change}
          chosen={chosen.length}
          count={page.items.length}
          onSelectAll={(on) => setSelected(new Set(on ? page.items.map((one) => one.id) : []))}
        />
        <TableBody>
          {page.items.map((epic) => (
            <EpicRow
              key={epic.id}
              epic={epic}
              selected={selected.has(epic.id)}
              onSelect={(on) => select(epic.id, on)}
              onOpen={() => router.push(`/epics/${epic.id}`)}
              onEdit={() => setEditing(epic)}
              onDelete={() => void remove([epic])}
              onTag={(tag) => change({ tag, offset: 0 })}
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
      <SelectionBar count={chosen.length} onClear={() => setSelected(new Set())} itemName={['epic', 'epics']}>
        <Button
          variant="danger"
          icon={<Trash2 />}
          onClick={() => void remove(chosen).then((done) => done && setSelected(new Set()))}
        >
          Delete
        </Button>
      </SelectionBar>
      {editing ? <EpicDialog epic={editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}

interface HeadProps extends Pick<EpicTableProps, 'state' | 'change'> {
  chosen: number;
  count: number;
  onSelectAll: (on: boolean) => void;
}

function Head({ state, change, chosen, count, onSelectAll }: HeadProps) {
  return (
    <TableHead>
      <TableSelectCell
        header
        label="Select all on this page"
        checked={chosen === count}
        indeterminate={chosen > 0 && chosen < count}
        onCheckedChange={onSelectAll}
      />
      <TableHeaderCell
        sort={state.sort === 'title' ? 'asc' : 'none'}
        onSort={() => change({ sort: 'title', offset: 0 })}
      >
        Title
      </TableHeaderCell>
      <TableHeaderCell width="8rem" className="max-sm:hidden">
        Status
      </TableHeaderCell>
      <TableHeaderCell width="12rem" className="max-md:hidden">
        Progress
      </TableHeaderCell>
      <TableHeaderCell
        width="6rem"
        className="max-lg:hidden"
        sort={state.sort === 'priority' ? 'asc' : 'none'}
        onSort={() => change({ sort: 'priority', offset: 0 })}
      >
        Priority
      </TableHeaderCell>
      <TableHeaderCell
        width="9rem"
        className="max-lg:hidden"
        sort={state.sort === '-updated_at' ? 'desc' : 'none'}
        onSort={() => change({ sort: '-updated_at', offset: 0 })}
      >
        Changed
      </TableHeaderCell>
      <TableHeaderCell width="3.5rem" hideLabel>
        Actions
      </TableHeaderCell>
    </TableHead>
  );
}
