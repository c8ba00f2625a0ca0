'use client';

import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { OutputOf } from '#contract/contract.ts';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { IconButton } from '#ui/icon-button.tsx';
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
import type { AgentListState } from './agent-list-state.ts';
import { useDeleteAgents } from './use-delete-agents.ts';

type AgentPage = OutputOf<'agents', 'list'>;
type Agent = AgentPage['items'][number];

interface AgentTableProps {
  page: AgentPage;
  state: AgentListState;
  change: (change: Partial<AgentListState>, how?: { step?: boolean }) => void;
  /** Another page is on its way. */
  stale: boolean;
}

/** One page of agent users with selection and paging. */
export function AgentTable({ page, state, change, stale }: AgentTableProps) {
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const remove = useDeleteAgents();
  const chosen = page.items.filter((agent) => selected.has(agent.id));
  const select = (id: number, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    setSelected(next);
  };
  const removeChosen = async () => {
    if (await remove.ask(chosen)) setSelected(new Set());
  };
  return (
    <div>
      <Table label="Agents" className={cn('transition-opacity', stale && 'opacity-60')}>
        <TableHead>
          <TableSelectCell
            header
            label="Select all on this page"
            checked={chosen.length === page.items.length}
            indeterminate={chosen.length > 0 && chosen.length < page.items.length}
            onCheckedChange={(on) => setSelected(new Set(on ? page.items.map((agent) => agent.id) : []))}
          />
          <TableHeaderCell>Agent</TableHeaderCell>
          <TableHeaderCell width="9rem" className="max-sm:hidden">
            Key
          </TableHeaderCell>
          <TableHeaderCell width="9rem" className="max-lg:hidden">
            Made by
          </TableHeaderCell>
          <TableHeaderCell width="7rem" className="max-md:hidden">
            Created
          </TableHeaderCell>
          <TableHeaderCell width="3.5rem" hideLabel>
            Actions
          </TableHeaderCell>
        </TableHead>
        <TableBody>
          {page.items.map((agent) => (
            <AgentRow
              key={agent.id}
              agent={agent}
              selected={selected.has(agent.id)}
              onSelect={(on) => select(agent.id, on)}
              onDelete={() => void remove.ask([agent])}
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
        itemName={['agent', 'agents']}
      >
        <Button variant="danger" icon={<Trash2 />} loading={remove.busy} onClick={() => void removeChosen()}>
          Delete
        </Button>
      </SelectionBar>
    </div>
  );
}

interface AgentRowProps {
  agent: Agent;
  selected: boolean;
  onSelect: (on: boolean) => void;
  onDelete: () => void;
}

function AgentRow({ agent, selected, onSelect, onDelete }: AgentRowProps) {
  return (
    <TableRow selected={selected}>
      <TableSelectCell label={`Select ${agent.username}`} checked={selected} onCheckedChange={onSelect} />
      <TableCell className="w-full max-w-0 py-2">
        <span className="block truncate font-medium">{agent.username}</span>
        <span className="block truncate text-xs text-subtle" title={agent.purpose}>
          {agent.purpose || 'No purpose given'}
        </span>
      </TableCell>
      <TableCell mono muted className="whitespace-nowrap max-sm:hidden">
        {agent.api_key_preview === '' ? 'No key' : agent.api_key_preview.replace('...', '…')}
      </TableCell>
      <TableCell muted truncate className="max-lg:hidden">
        {agent.created_by ?? '–'}
      </TableCell>
      <TableCell muted className="max-md:hidden">
        <RelativeTime value={agent.created_at} />
      </TableCell>
      <TableCell align="right" className="pl-0">
        <IconButton label={`Delete ${agent.username}`} icon={<Trash2 />} onClick={onDelete} />
      </TableCell>
    </TableRow>
  );
}
