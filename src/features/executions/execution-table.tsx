'use client';

import { Ban, Trash2 } from 'lucide-react';
import { isFinished } from '#client/run-status.ts';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { Pagination } from '#ui/pagination.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';
import { Table, TableBody, TableHead, TableHeaderCell, TableSelectCell } from '#ui/table.tsx';
import { ExecutionRow } from './execution-row.tsx';
import type { ListState } from './list-state.ts';
import type { ExecutionPage } from './use-live-list.ts';
import { useCancel, useDelete } from './use-run-action.ts';

interface ExecutionTableProps {
  page: ExecutionPage;
  state: ListState;
  change: (change: Partial<ListState>, how?: { step?: boolean }) => void;
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
  /** Something was cancelled or deleted here. */
  onChanged: () => void;
  stale: boolean;
}

/** One page of runs with selection and paging. */
export function ExecutionTable(props: ExecutionTableProps) {
  const { page, state, change, selected, onSelect, onChanged } = props;
  const chosen = page.items.filter((one) => selected.has(one.execution_id));
  const select = (id: string, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    onSelect(next);
  };
  return (
    <>
      <Table label="Executions" className={cn('transition-opacity', props.stale && 'opacity-60')}>
        <TableHead>
          <TableSelectCell
            header
            label="Select all on this page"
            checked={chosen.length === page.items.length}
            indeterminate={chosen.length > 0 && chosen.length < page.items.length}
            onCheckedChange={(on) => onSelect(new Set(on ? page.items.map((one) => one.execution_id) : []))}
          />
          <TableHeaderCell>Workflow</TableHeaderCell>
          <TableHeaderCell width="9rem" className="max-sm:hidden">
            Status
          </TableHeaderCell>
          <TableHeaderCell width="8rem" className="max-lg:hidden">
            Trigger
          </TableHeaderCell>
          <TableHeaderCell width="8rem" className="max-md:hidden">
            Started
          </TableHeaderCell>
          <TableHeaderCell width="6rem" align="right" className="max-sm:hidden">
            Duration
          </TableHeaderCell>
          <TableHeaderCell width="3.5rem" hideLabel>
            Actions
          </TableHeaderCell>
        </TableHead>
        <TableBody>
          {page.items.map((execution) => (
            <ExecutionRow
              key={execution.execution_id}
              execution={execution}
              selected={selected.has(execution.execution_id)}
              onSelect={(on) => select(execution.execution_id, on)}
              onChanged={onChanged}
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
      <Chosen chosen={chosen} onClear={() => onSelect(new Set())} onChanged={onChanged} />
    </>
  );
}

interface ChosenProps {
  chosen: ExecutionPage['items'];
  onClear: () => void;
  onChanged: () => void;
}

function Chosen({ chosen, onClear, onChanged }: ChosenProps) {
  const done = () => {
    onClear();
    onChanged();
  };
  const cancel = useCancel(done);
  const remove = useDelete(done);
  const ids = (finished: boolean) =>
    chosen.filter((one) => isFinished(one.status) === finished).map((one) => one.execution_id);
  const [running, finished] = [ids(false), ids(true)];
  return (
    <SelectionBar count={chosen.length} onClear={onClear} itemName={['execution', 'executions']}>
      {running.length > 0 ? (
        <Button icon={<Ban />} onClick={() => void cancel(running)}>
          Cancel {running.length}
        </Button>
      ) : null}
      {finished.length > 0 ? (
        <Button variant="danger" icon={<Trash2 />} onClick={() => void remove(finished)}>
          Delete{running.length > 0 ? ` ${finished.length} finished` : ''}
        </Button>
      ) : null}
    </SelectionBar>
  );
}
