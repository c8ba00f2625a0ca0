'use client';

import { useQuery } from '@tanstack/react-query';
import { UserX } from 'lucide-react';
import { useState } from 'react';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { Pagination } from '#ui/pagination.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';
import { Table, TableBody, TableHead, TableHeaderCell, TableSelectCell } from '#ui/table.tsx';
import { EditUserDialog } from './edit-user-dialog.tsx';
import { directionOf, type ListState, turned } from './list-state.ts';
import { useDisable } from './use-user-action.ts';
import type { User, UserPage } from './user.ts';
import { UserKeysDialog } from './user-keys-dialog.tsx';
import { UserRow } from './user-row.tsx';

interface UserTableProps {
  page: UserPage;
  state: ListState;
  change: (change: Partial<ListState>, how?: { step?: boolean }) => void;
  /** Another page is on its way. */
  stale: boolean;
}

/** One page of users with selection and paging. */
export function UserTable({ page, state, change, stale }: UserTableProps) {
  const me = useQuery(trpc.auth.me.queryOptions({}, { staleTime: 60_000 }));
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [editing, setEditing] = useState<User | null>(null);
  const [keysOf, setKeysOf] = useState<User | null>(null);
  // One's own account and disabled ones are not there to be disabled.
  const choosable = page.items.filter((user) => user.is_active && user.id !== me.data?.id);
  const chosen = choosable.filter((user) => selected.has(user.id));
  const select = (id: number, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    setSelected(next);
  };
  return (
    <div>
      <Table label="Users" className={cn('transition-opacity', stale && 'opacity-60')}>
        <TableHead>
          <TableSelectCell
            header
            label="Select all on this page"
            checked={chosen.length > 0 && chosen.length === choosable.length}
            indeterminate={chosen.length > 0 && chosen.length < choosable.length}
            onCheckedChange={(on) => setSelected(new Set(on ? choosable.map((user) => user.id) : []))}
          />
          <TableHeaderCell
            sort={directionOf(state.sort, 'username')}
            onSort={() => change({ sort: turned(state.sort, 'username'), offset: 0 })}
          >
            User
          </TableHeaderCell>
          <TableHeaderCell width="8rem" className="max-md:hidden">
            Role
          </TableHeaderCell>
          <TableHeaderCell width="6.5rem" className="max-md:hidden">
            Two-step
          </TableHeaderCell>
          <TableHeaderCell width="4.5rem" align="right" className="max-lg:hidden">
            Keys
          </TableHeaderCell>
          <TableHeaderCell
            width="7rem"
            className="max-lg:hidden"
            sort={directionOf(state.sort, 'created_at')}
            onSort={() => change({ sort: turned(state.sort, 'created_at'), offset: 0 })}
          >
            Created
          </TableHeaderCell>
          <TableHeaderCell width="3.5rem" hideLabel>
            Actions
          </TableHeaderCell>
        </TableHead>
        <TableBody>
          {page.items.map((user) => (
            <UserRow
              key={user.id}
              user={user}
              self={user.id === me.data?.id}
              selected={selected.has(user.id)}
              onSelect={(on) => select(user.id, on)}
              onEdit={() => setEditing(user)}
              onKeys={() => setKeysOf(user)}
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
      <Chosen users={chosen} onClear={() => setSelected(new Set())} />
      {editing ? (
        <EditUserDialog user={editing} self={editing.id === me.data?.id} onClose={() => setEditing(null)} />
      ) : null}
      {keysOf ? <UserKeysDialog user={keysOf} onClose={() => setKeysOf(null)} /> : null}
    </div>
  );
}

function Chosen({ users, onClear }: { users: readonly User[]; onClear: () => void }) {
  const disable = useDisable();
  const run = async () => {
    if (await disable.ask(users)) onClear();
  };
  return (
    <SelectionBar count={users.length} onClear={onClear} itemName={['user', 'users']}>
      <Button variant="danger" icon={<UserX />} loading={disable.busy} onClick={() => void run()}>
        Disable
      </Button>
    </SelectionBar>
  );
}
