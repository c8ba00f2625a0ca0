'use client';

import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { Pagination } from '#ui/pagination.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';
import { Table, TableBody, TableHead, TableHeaderCell, TableSelectCell } from '#ui/table.tsx';
import type { Credential, CredentialPage } from './credential.ts';
import { CredentialRow } from './credential-row.tsx';
import type { ListState, Sort } from './list-state.ts';
import { useDeleteCredentials } from './use-delete.tsx';

interface CredentialTableProps {
  page: CredentialPage;
  state: ListState;
  change: (change: Partial<ListState>, how?: { step?: boolean }) => void;
  onEdit: (credential: Credential) => void;
  /** Another page is on its way. */
  stale: boolean;
}

/** One page of credentials with selection and paging. */
export function CredentialTable({ page, state, change, onEdit, stale }: CredentialTableProps) {
  const router = useRouter();
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const remove = useDeleteCredentials();
  const chosen = page.items.filter((one) => selected.has(one.id));
  const select = (id: number, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    setSelected(next);
  };
  const clear = () => setSelected(new Set());
  return (
    <>
      <Table label="Credentials" className={cn('transition-opacity', stale && 'opacity-60')}>
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
          {page.items.map((credential) => (
            <CredentialRow
              key={credential.id}
              credential={credential}
              selected={selected.has(credential.id)}
              onSelect={(on) => select(credential.id, on)}
              onOpen={() => router.push(`/credentials/${credential.id}`)}
              onEdit={() => onEdit(credential)}
              onDelete={() => void remove([credential])}
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
      <SelectionBar count={chosen.length} onClear={clear} itemName={['credential', 'credentials']}>
        <Button
          variant="danger"
          icon={<Trash2 />}
          onClick={() => void remove(chosen).then((gone) => (gone ? clear() : undefined))}
        >
          Delete
        </Button>
      </SelectionBar>
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
      <TableHeaderCell width="14rem" className="max-lg:hidden">
        Sent to
      </TableHeaderCell>
      <TableHeaderCell width="6rem" align="right" className="max-md:hidden">
        Used by
      </TableHeaderCell>
      <TableHeaderCell width="8rem" className="max-md:hidden" {...by('-last_used_at')}>
        Last used
      </TableHeaderCell>
      <TableHeaderCell width="9rem" className="max-sm:hidden">
        Test
      </TableHeaderCell>
      <TableHeaderCell width="3.5rem" hideLabel>
        Actions
      </TableHeaderCell>
    </>
  );
}
