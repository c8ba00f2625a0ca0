'use client';

import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { Pagination } from '#ui/pagination.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';
import { Table, TableBody, TableHead, TableHeaderCell, TableSelectCell } from '#ui/table.tsx';
import { deleteWithUndo } from './deferred-deletion.ts';
import { EditDetailDialog } from './edit-detail-dialog.tsx';
import type { ListState } from './list-state.ts';
import { OfferMcpDialog } from './offer-mcp-dialog.tsx';
import { useLastRuns } from './use-last-run.ts';
import type { Workflow, WorkflowPage } from './workflow.ts';
import { WorkflowRow } from './workflow-row.tsx';

interface WorkflowTableProps {
  page: WorkflowPage;
  state: ListState;
  change: (change: Partial<ListState>, how?: { step?: boolean }) => void;
  /** Another page is on its way. */
  stale: boolean;
}

/** One page of workflows with selection and paging. */
export function WorkflowTable({ page, state, change, stale }: WorkflowTableProps) {
  const router = useRouter();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [editing, setEditing] = useState<Workflow | null>(null);
  const [offered, setOffered] = useState<Workflow | null>(null);
  const lastRuns = useLastRuns();
  const chosen = page.items.filter((one) => selected.has(one.slug));
  const select = (slug: string, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(slug);
    else next.delete(slug);
    setSelected(next);
  };
  const body = useRef<HTMLTableSectionElement>(null);
  const removeOne = (workflow: Workflow, index: number) => {
    deleteWithUndo([workflow]);
    // The row takes its menu button with it; the keyboard goes on from the row that moves up.
    requestAnimationFrame(() => {
      const menus = body.current?.querySelectorAll<HTMLElement>('[data-row-menu]') ?? [];
      (menus[index] ?? menus[index - 1])?.focus({ preventScroll: true });
    });
  };
  const removeChosen = () => {
    deleteWithUndo(chosen);
    setSelected(new Set());
  };
  return (
    <>
      <Table label="Workflows" className={cn('transition-opacity', stale && 'opacity-60')}>
        <TableHead>
          <TableSelectCell
            header
            label="Select all on this page"
            checked={chosen.length === page.items.length}
            indeterminate={chosen.length > 0 && chosen.length < page.items.length}
            onCheckedChange={(on) => setSelected(new Set(on ? page.items.map((one) => one.slug) : []))}
          />
          <TableHeaderCell
            sort={state.sort === 'name' ? 'asc' : 'none'}
            onSort={() => change({ sort: 'name', offset: 0 })}
          >
            Name
          </TableHeaderCell>
          <TableHeaderCell width="9rem" className="max-sm:hidden">
            Last run
          </TableHeaderCell>
          <TableHeaderCell width="5rem" align="right" className="max-md:hidden">
            Nodes
          </TableHeaderCell>
          <TableHeaderCell
            width="9rem"
            className="max-md:hidden"
            sort={state.sort === '-updated_at' ? 'desc' : 'none'}
            onSort={() => change({ sort: '-updated_at', offset: 0 })}
          >
            Changed
          </TableHeaderCell>
          <TableHeaderCell width="3.5rem" hideLabel>
            Actions
          </TableHeaderCell>
        </TableHead>
        <TableBody ref={body}>
          {page.items.map((workflow, index) => (
            <WorkflowRow
              key={workflow.id}
              workflow={workflow}
              lastRun={lastRuns?.get(workflow.slug)}
              selected={selected.has(workflow.slug)}
              onSelect={(on) => select(workflow.slug, on)}
              onOpen={() => router.push(`/workflows/${workflow.slug}`)}
              onEdit={() => setEditing(workflow)}
              onOffer={() => setOffered(workflow)}
              onDelete={() => removeOne(workflow, index)}
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
      <SelectionBar
        count={chosen.length}
        onClear={() => setSelected(new Set())}
        itemName={['workflow', 'workflows']}
      >
        <Button variant="danger" icon={<Trash2 />} onClick={removeChosen}>
          Delete
        </Button>
      </SelectionBar>
      {offered ? <OfferMcpDialog slug={offered.slug} onClose={() => setOffered(null)} /> : null}
      {editing ? <EditDetailDialog workflow={editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}
