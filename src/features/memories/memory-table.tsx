'use client';

import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { Pagination } from '#ui/pagination.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeaderCell,
  TableRow,
  TableSelectCell,
} from '#ui/table.tsx';
import { KIND_WORDS, type Kind, type Memory } from './kind.ts';
import type { ListState } from './list-state.ts';
import { MemoryDrawer } from './memory-drawer.tsx';
import { useForget } from './use-forget.ts';
import type { View } from './view.tsx';

interface MemoryTableProps<K extends Kind> {
  kind: K;
  view: View<K>;
  items: readonly Memory<K>[];
  total: number;
  state: ListState;
  change: (change: Partial<ListState>, how?: { step?: boolean }) => void;
  /** Another page is on its way. */
  stale: boolean;
}

/** One page of memories of one kind with selection, paging and a drawer for the whole of one. */
export function MemoryTable<K extends Kind>(props: MemoryTableProps<K>) {
  const { kind, view, items, total, state, change, stale } = props;
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<Memory<K> | null>(null);
  const forget = useForget(kind);
  const words = KIND_WORDS[kind];
  const chosen = items.filter((item) => selected.has(view.id(item)));
  const select = (id: string, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    setSelected(next);
  };
  const removeChosen = async () => {
    if (await forget.ask({ ids: chosen.map(view.deleteId) })) setSelected(new Set());
  };
  return (
    <>
      <Table label={words.label} className={cn('transition-opacity', stale && 'opacity-60')}>
        <TableHead>
          <TableSelectCell
            header
            label="Select all on this page"
            checked={items.length > 0 && chosen.length === items.length}
            indeterminate={chosen.length > 0 && chosen.length < items.length}
            onCheckedChange={(on) => setSelected(new Set(on ? items.map(view.id) : []))}
          />
          <TableHeaderCell>{words.one.slice(0, 1).toUpperCase() + words.one.slice(1)}</TableHeaderCell>
          {view.columns.map(({ label, width, className, align }) => (
            <TableHeaderCell key={label} width={width} className={className} align={align}>
              {label}
            </TableHeaderCell>
          ))}
        </TableHead>
        <TableBody>
          {items.map((item) => (
            <MemoryRow
              key={view.id(item)}
              view={view}
              item={item}
              selected={selected.has(view.id(item))}
              onSelect={(on) => select(view.id(item), on)}
              onOpen={() => setOpened(item)}
            />
          ))}
        </TableBody>
      </Table>
      <Pagination
        total={total}
        limit={state.limit}
        offset={state.offset}
        onChange={(next) => change(next, { step: true })}
      />
      <SelectionBar
        count={chosen.length}
        onClear={() => setSelected(new Set())}
        itemName={[words.one, words.many]}
      >
        <Button variant="danger" icon={<Trash2 />} loading={forget.busy} onClick={() => void removeChosen()}>
          Delete
        </Button>
      </SelectionBar>
      {opened === null ? null : (
        <Opened key={view.id(opened)} kind={kind} view={view} item={opened} onClose={() => setOpened(null)} />
      )}
    </>
  );
}

interface MemoryRowProps<K extends Kind> {
  view: View<K>;
  item: Memory<K>;
  selected: boolean;
  onSelect: (on: boolean) => void;
  onOpen: () => void;
}

function MemoryRow<K extends Kind>({ view, item, selected, onSelect, onOpen }: MemoryRowProps<K>) {
  const title = view.title(item);
  const subtitle = view.subtitle(item);
  return (
    <TableRow selected={selected} onActivate={onOpen}>
      <TableSelectCell label={`Select ${title}`} checked={selected} onCheckedChange={onSelect} />
      <TableCell className="w-full max-w-0 py-2">
        <button
          type="button"
          onClick={onOpen}
          className="touch-target block max-w-full truncate rounded-sm text-left font-medium hover:underline"
        >
          {title}
        </button>
        {subtitle === '' ? null : <span className="block truncate text-xs text-subtle">{subtitle}</span>}
      </TableCell>
      {view.columns.map(({ label, className, align, cell }) => (
        <TableCell key={label} muted align={align} className={cn('whitespace-nowrap', className)}>
          <span className="block max-w-56 truncate">{cell(item)}</span>
        </TableCell>
      ))}
    </TableRow>
  );
}

interface OpenedProps<K extends Kind> {
  kind: K;
  view: View<K>;
  item: Memory<K>;
  onClose: () => void;
}

function Opened<K extends Kind>({ kind, view, item, onClose }: OpenedProps<K>) {
  const forget = useForget(kind);
  const thread = view.thread?.(item);
  const remove = async (what: Parameters<typeof forget.ask>[0]) => {
    if (await forget.ask(what)) onClose();
  };
  return (
    <MemoryDrawer
      title={view.title(item)}
      lines={view.lines(item)}
      body={view.body?.(item) ?? null}
      busy={forget.busy}
      onDelete={() => void remove({ ids: [view.deleteId(item)] })}
      onClose={onClose}
      actions={
        thread === undefined ? undefined : (
          <Button onClick={() => void remove({ ids: [], threads: [thread] })}>
            Delete the whole conversation
          </Button>
        )
      }
    />
  );
}
