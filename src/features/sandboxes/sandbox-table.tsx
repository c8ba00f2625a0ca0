'use client';

import { Ellipsis, FolderX, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu, type MenuEntry } from '#ui/menu.tsx';
import { Pagination } from '#ui/pagination.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
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
import type { ListState } from './list-state.ts';
import { type Sandbox, type SandboxPage, variableCount } from './sandbox.ts';
import { useSandboxAction } from './use-sandbox-action.ts';

interface SandboxTableProps {
  page: SandboxPage;
  state: ListState;
  change: (change: Partial<ListState>, how?: { step?: boolean }) => void;
  onEdit: (sandbox: Sandbox) => void;
  /** Another page is on its way. */
  stale: boolean;
}

/** One page of workspaces with selection and paging. The default one can be neither selected nor deleted. */
export function SandboxTable({ page, state, change, onEdit, stale }: SandboxTableProps) {
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const { reset, remove } = useSandboxAction();
  const free = page.items.filter((one) => !one.is_default);
  const chosen = free.filter((one) => selected.has(one.id));
  const select = (id: number, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    setSelected(next);
  };
  const removeChosen = async () => {
    if (await remove(chosen)) setSelected(new Set());
  };
  return (
    <>
      <Table label="Workspaces" className={cn('transition-opacity', stale && 'opacity-60')}>
        <TableHead>
          {free.length > 0 ? (
            <TableSelectCell
              header
              label="Select all on this page"
              checked={chosen.length === free.length}
              indeterminate={chosen.length > 0 && chosen.length < free.length}
              onCheckedChange={(on) => setSelected(new Set(on ? free.map((one) => one.id) : []))}
            />
          ) : (
            <TableHeaderCell width="2.5rem" hideLabel>
              Selection
            </TableHeaderCell>
          )}
          <TableHeaderCell>Workspace</TableHeaderCell>
          <TableHeaderCell width="6rem" align="right" className="max-sm:hidden">
            Variables
          </TableHeaderCell>
          <TableHeaderCell width="7rem" className="max-md:hidden">
            Network
          </TableHeaderCell>
          <TableHeaderCell width="7rem" className="max-md:hidden">
            Created
          </TableHeaderCell>
          <TableHeaderCell width="3.5rem" hideLabel>
            Actions
          </TableHeaderCell>
        </TableHead>
        <TableBody>
          {page.items.map((sandbox) => (
            <SandboxRow
              key={sandbox.id}
              sandbox={sandbox}
              selected={selected.has(sandbox.id)}
              onSelect={(on) => select(sandbox.id, on)}
              onEdit={() => onEdit(sandbox)}
              onReset={() => void reset(sandbox)}
              onDelete={() => void remove([sandbox])}
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
      <SelectionBar
        count={chosen.length}
        onClear={() => setSelected(new Set())}
        itemName={['workspace', 'workspaces']}
      >
        <Button variant="danger" icon={<Trash2 />} onClick={() => void removeChosen()}>
          Delete
        </Button>
      </SelectionBar>
    </>
  );
}

interface SandboxRowProps {
  sandbox: Sandbox;
  selected: boolean;
  onSelect: (on: boolean) => void;
  onEdit: () => void;
  onReset: () => void;
  onDelete: () => void;
}

function SandboxRow({ sandbox, selected, onSelect, onEdit, onReset, onDelete }: SandboxRowProps) {
  const { name, path, is_default: isDefault } = sandbox;
  const entries: MenuEntry[] = [
    { label: 'Edit', icon: <Pencil />, onSelect: onEdit },
    { label: 'Empty the folder', icon: <FolderX />, onSelect: onReset },
    ...(isDefault
      ? []
      : [
          { type: 'separator' as const },
          { label: 'Delete', icon: <Trash2 />, danger: true, onSelect: onDelete },
        ]),
  ];
  return (
    <TableRow selected={selected} onActivate={onEdit}>
      {isDefault ? (
        <TableCell className="w-10 pr-1" />
      ) : (
        <TableSelectCell label={`Select ${name}`} checked={selected} onCheckedChange={onSelect} />
      )}
      <TableCell className="w-full max-w-0 py-2">
        <span className="flex min-w-0 items-center gap-2">
          <button
            type="button"
            onClick={onEdit}
            className="touch-target truncate rounded-sm text-left font-medium hover:underline"
          >
            {name}
          </button>
          {isDefault ? <Badge className="max-sm:hidden">Yours from the start</Badge> : null}
        </span>
        <span className="block truncate font-mono text-2xs text-subtle">{path}</span>
      </TableCell>
      <TableCell align="right" muted className="max-sm:hidden">
        {variableCount(sandbox)}
      </TableCell>
      <TableCell className="max-md:hidden">
        {sandbox.allow_network ? (
          <Badge tone="warning">Allowed</Badge>
        ) : (
          <span className="text-subtle">Off</span>
        )}
      </TableCell>
      <TableCell muted className="max-md:hidden">
        <RelativeTime value={sandbox.created_at} />
      </TableCell>
      <TableCell align="right" className="pl-0">
        <Menu
          align="end"
          trigger={<IconButton label={`Actions for ${name}`} icon={<Ellipsis />} />}
          items={entries}
        />
      </TableCell>
    </TableRow>
  );
}
