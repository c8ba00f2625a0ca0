'use client';

import { Ban, Ellipsis, Eye, SquarePen, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { isFinished, statusOfRun } from '#client/run-status.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Link } from '#ui/link.tsx';
import { Menu, type MenuEntry } from '#ui/menu.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import { TableCell, TableRow, TableSelectCell } from '#ui/table.tsx';
import { RunDuration } from './run-duration.tsx';
import { triggerLabel } from './trigger-label.ts';
import type { Execution } from './use-live-list.ts';
import { useCancel, useDelete } from './use-run-action.ts';

interface ExecutionRowProps {
  execution: Execution;
  selected: boolean;
  onSelect: (on: boolean) => void;
  onChanged: () => void;
}

/** One run: of what, how it stands, how it was started, when and how long. */
export function ExecutionRow({ execution, selected, onSelect, onChanged }: ExecutionRowProps) {
  const router = useRouter();
  const href = `/executions/${execution.execution_id}`;
  const status = statusOfRun(execution.status);
  return (
    <TableRow selected={selected} onActivate={() => router.push(href)}>
      <TableSelectCell
        label={`Select the execution of ${execution.workflow_name}`}
        checked={selected}
        onCheckedChange={onSelect}
      />
      <TableCell className="w-full max-w-0 py-2">
        <Link href={href} className="block w-fit max-w-full truncate rounded-sm font-medium hover:underline">
          {execution.workflow_name}
        </Link>
        {execution.error_message === '' ? null : (
          <span className="block truncate text-xs text-danger-text">{execution.error_message}</span>
        )}
        <span className="mt-0.5 flex items-center gap-2 text-xs text-subtle sm:hidden">
          <StatusBadge appearance="inline" status={status} className="text-xs" />
          <RelativeTime value={execution.started_at ?? execution.created_at} />
        </span>
      </TableCell>
      <TableCell className="max-sm:hidden">
        <StatusBadge appearance="inline" status={status} />
      </TableCell>
      <TableCell muted className="whitespace-nowrap max-lg:hidden">
        {triggerLabel(execution.trigger_kind)}
      </TableCell>
      <TableCell muted className="max-md:hidden">
        <RelativeTime value={execution.started_at ?? execution.created_at} />
      </TableCell>
      <TableCell align="right" muted className="max-sm:hidden">
        <RunDuration run={execution} />
      </TableCell>
      <TableCell align="right" className="pl-0">
        <RowMenu execution={execution} href={href} onChanged={onChanged} />
      </TableCell>
    </TableRow>
  );
}

function RowMenu({
  execution,
  href,
  onChanged,
}: {
  execution: Execution;
  href: string;
  onChanged: () => void;
}) {
  const cancel = useCancel(onChanged);
  const remove = useDelete(onChanged);
  const id = execution.execution_id;
  const items: MenuEntry[] = [
    { label: 'Open', icon: <Eye />, href },
    { label: 'Open the workflow', icon: <SquarePen />, href: `/workflows/${execution.workflow_slug}` },
    { type: 'separator' },
    isFinished(execution.status)
      ? { label: 'Delete', icon: <Trash2 />, danger: true, onSelect: () => void remove([id]) }
      : { label: 'Cancel', icon: <Ban />, danger: true, onSelect: () => void cancel([id]) },
  ];
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`Actions for the execution of ${execution.workflow_name}`} icon={<Ellipsis />} />
      }
      items={items}
    />
  );
}
