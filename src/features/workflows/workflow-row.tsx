'use client';

import { Copy, Download, Ellipsis, ListTree, Pencil, Plug, SquarePen, Trash2 } from 'lucide-react';
import { statusOfRun } from '#client/run-status.ts';
import { Badge } from '#ui/badge.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Link } from '#ui/link.tsx';
import { Menu, type MenuEntry } from '#ui/menu.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import { TableCell, TableRow, TableSelectCell } from '#ui/table.tsx';
import { exportWorkflow } from './export-workflow.ts';
import { useDuplicate } from './use-duplicate.ts';
import type { LastRun } from './use-last-run.ts';
import type { Workflow } from './workflow.ts';

interface WorkflowRowProps {
  workflow: Workflow;
  lastRun: LastRun | undefined;
  selected: boolean;
  onSelect: (on: boolean) => void;
  onOpen: () => void;
  onEdit: () => void;
  onOffer: () => void;
  onDelete: () => void;
  onTag: (tag: string) => void;
}

/** One workflow: what it is, how its last run went, and its menu. */
export function WorkflowRow({
  workflow,
  lastRun,
  selected,
  onSelect,
  onOpen,
  onEdit,
  onOffer,
  onDelete,
  onTag,
}: WorkflowRowProps) {
  const duplicate = useDuplicate();
  const { slug, name } = workflow;
  const items: MenuEntry[] = [
    { label: 'Open', icon: <SquarePen />, href: `/workflows/${slug}` },
    { label: 'Edit details', icon: <Pencil />, onSelect: onEdit },
    { label: 'Offer as MCP tool…', icon: <Plug />, onSelect: onOffer },
    { label: 'Duplicate', icon: <Copy />, onSelect: () => duplicate.mutate({ workflow_slug: slug }) },
    { label: 'Export', icon: <Download />, onSelect: () => void exportWorkflow(slug, 'json') },
    { label: 'Download as YAML', icon: <Download />, onSelect: () => void exportWorkflow(slug, 'yaml') },
    { label: 'Executions', icon: <ListTree />, href: `/executions?workflow=${encodeURIComponent(slug)}` },
    { type: 'separator' },
    { label: 'Delete', icon: <Trash2 />, danger: true, onSelect: onDelete },
  ];
  return (
    <TableRow selected={selected} onActivate={onOpen}>
      <TableSelectCell label={`Select ${name}`} checked={selected} onCheckedChange={onSelect} />
      <TableCell className="w-full max-w-0 py-2">
        <NameLine workflow={workflow} onTag={onTag} />
        <SubLine workflow={workflow} lastRun={lastRun} />
      </TableCell>
      <TableCell className="max-sm:hidden">
        {lastRun ? <LastRunLink run={lastRun} /> : <span className="text-subtle">–</span>}
      </TableCell>
      <TableCell align="right" muted className="max-md:hidden">
        {workflow.node_count}
      </TableCell>
      <TableCell muted className="max-md:hidden">
        <RelativeTime value={workflow.updated_at} />
      </TableCell>
      <TableCell align="right" className="pl-0">
        <Menu
          align="end"
          trigger={
            <IconButton
              label={`Actions for ${name}`}
              icon={<Ellipsis />}
              loading={duplicate.isPending}
              data-row-menu
            />
          }
          items={items}
        />
      </TableCell>
    </TableRow>
  );
}

function NameLine({ workflow, onTag }: { workflow: Workflow; onTag: (tag: string) => void }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Link href={`/workflows/${workflow.slug}`} className="truncate rounded-sm font-medium hover:underline">
        {workflow.name}
      </Link>
      {workflow.is_active ? null : <Badge>Inactive</Badge>}
      {workflow.tags?.slice(0, 3).map((tag) => (
        <button
          key={tag}
          type="button"
          onClick={() => onTag(tag)}
          aria-label={`Show only the tag ${tag}`}
          className="touch-target max-w-32 shrink-0 rounded-sm max-lg:hidden"
        >
          <Badge className="max-w-full truncate hover:bg-active">{tag}</Badge>
        </button>
      ))}
    </span>
  );
}

function SubLine({ workflow, lastRun }: { workflow: Workflow; lastRun: LastRun | undefined }) {
  return (
    <>
      <span className="block truncate text-xs text-subtle max-sm:hidden">
        {workflow.description === '' ? `/${workflow.slug}` : workflow.description}
      </span>
      <span className="mt-0.5 flex items-center gap-2 text-xs text-subtle sm:hidden">
        {lastRun ? (
          <StatusBadge appearance="inline" status={statusOfRun(lastRun.status)} className="text-xs" />
        ) : null}
        <span className="truncate">
          {workflow.node_count} {workflow.node_count === 1 ? 'node' : 'nodes'} · changed{' '}
          <RelativeTime value={workflow.updated_at} />
        </span>
      </span>
    </>
  );
}

function LastRunLink({ run }: { run: LastRun }) {
  return (
    <Link href={`/executions/${run.execution_id}`} className="rounded-sm hover:underline">
      <StatusBadge appearance="inline" status={statusOfRun(run.status)} />
      <span className="sr-only">: open the last run</span>
    </Link>
  );
}
