'use client';

import { Ban } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#ui/button.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';
import { Table, TableBody, TableHead, TableHeaderCell, TableSelectCell } from '#ui/table.tsx';
import { ApiKeyRow } from './api-key-row.tsx';
import type { ApiKey, KeyListState } from './key-list-state.ts';
import { useRevokeKeys } from './use-revoke-keys.ts';

interface ApiKeyTableProps {
  keys: readonly ApiKey[];
  state: KeyListState;
  change: (change: Partial<KeyListState>) => void;
}

/** Keys with what is known of their use, and ways to end them. */
export function ApiKeyTable({ keys, state, change }: ApiKeyTableProps) {
  const revoke = useRevokeKeys();
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const choosable = keys.filter((key) => key.is_active);
  const chosen = choosable.filter((key) => selected.has(key.id));
  const select = (id: number, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    setSelected(next);
  };
  const revokeChosen = async () => {
    if (await revoke.ask(chosen)) setSelected(new Set());
  };
  return (
    <div>
      <Table label="API keys">
        <TableHead>
          <TableSelectCell
            header
            label="Select all"
            checked={chosen.length > 0 && chosen.length === choosable.length}
            indeterminate={chosen.length > 0 && chosen.length < choosable.length}
            onCheckedChange={(on) => setSelected(new Set(on ? choosable.map((key) => key.id) : []))}
          />
          <TableHeaderCell
            sort={state.sort === 'name' ? 'asc' : 'none'}
            onSort={() => change({ sort: 'name' })}
          >
            Name
          </TableHeaderCell>
          <TableHeaderCell
            width="7.5rem"
            className="max-sm:hidden"
            sort={state.sort === '-last_used_at' ? 'desc' : 'none'}
            onSort={() => change({ sort: '-last_used_at' })}
          >
            Last used
          </TableHeaderCell>
          <TableHeaderCell
            width="7.5rem"
            className="max-sm:hidden"
            sort={state.sort === 'expires_at' ? 'asc' : 'none'}
            onSort={() => change({ sort: 'expires_at' })}
          >
            Expires
          </TableHeaderCell>
          <TableHeaderCell
            width="7.5rem"
            className="max-md:hidden"
            sort={state.sort === '-created_at' ? 'desc' : 'none'}
            onSort={() => change({ sort: '-created_at' })}
          >
            Created
          </TableHeaderCell>
          <TableHeaderCell width="6rem" hideLabel>
            Actions
          </TableHeaderCell>
        </TableHead>
        <TableBody>
          {keys.map((key) => (
            <ApiKeyRow
              key={key.id}
              apiKey={key}
              selected={selected.has(key.id)}
              onSelect={(on) => select(key.id, on)}
            />
          ))}
        </TableBody>
      </Table>
      <SelectionBar count={chosen.length} onClear={() => setSelected(new Set())} itemName={['key', 'keys']}>
        <Button variant="danger" icon={<Ban />} loading={revoke.busy} onClick={() => void revokeChosen()}>
          Revoke
        </Button>
      </SelectionBar>
    </div>
  );
}
