'use client';

import { CopyPlus, Ellipsis, Eye, Pause, Pencil, Play, SquarePen, Trash2, Zap } from 'lucide-react';
import { IconButton } from '#ui/icon-button.tsx';
import { Link } from '#ui/link.tsx';
import { Menu, type MenuEntry } from '#ui/menu.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import { TableCell, TableRow, TableSelectCell } from '#ui/table.tsx';
import { zonedText, zoneOf } from './fire-time.tsx';
import { fireLook } from './fire-words.ts';
import type { Schedule } from './schedule.ts';
import { ScheduleStatusBadge } from './schedule-status.tsx';
import { whenWords } from './timing-words.ts';
import { switchSchedules, useRunNow } from './use-schedule-action.ts';

interface ScheduleRowProps {
  schedule: Schedule;
  selected: boolean;
  onSelect: (on: boolean) => void;
  onOpen: () => void;
  onEdit: () => void;
  onCopy: () => void;
  onDelete: () => void;
}

/** One schedule: what it runs, when, when next, and how the last run went. */
export function ScheduleRow(props: ScheduleRowProps) {
  const { schedule, selected, onSelect, onOpen } = props;
  const { words, detail } = whenWords(schedule);
  const href = `/schedules/${schedule.id}`;
  return (
    <TableRow selected={selected} onActivate={onOpen}>
      <TableSelectCell label={`Select ${schedule.name}`} checked={selected} onCheckedChange={onSelect} />
      <TableCell className="w-full max-w-0 py-2">
        <Link href={href} className="block w-fit max-w-full truncate rounded-sm font-medium hover:underline">
          {schedule.name}
        </Link>
        <span className="block truncate text-xs text-subtle">
          <span className="lg:hidden">{words} · </span>
          {schedule.workflow_name}
        </span>
        <span className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-subtle md:hidden">
          <ScheduleStatusBadge status={schedule.status} />
          {schedule.next_run_at === null ? null : (
            <span>
              next <RelativeTime value={schedule.next_run_at} />
            </span>
          )}
          <span className="sm:hidden">
            <LastResult schedule={schedule} small />
          </span>
        </span>
      </TableCell>
      <TableCell className="max-w-60 py-2 max-lg:hidden">
        <span className="block truncate">{words}</span>
        {detail === '' ? null : <span className="block truncate text-xs text-subtle">{detail}</span>}
      </TableCell>
      <TableCell className="py-2 whitespace-nowrap max-md:hidden">
        <NextRun schedule={schedule} />
      </TableCell>
      <TableCell className="max-sm:hidden">
        <LastResult schedule={schedule} />
      </TableCell>
      <TableCell align="right" className="max-xl:hidden">
        {schedule.error_count === 0 ? (
          <span className="text-subtle">0</span>
        ) : (
          <span className="text-danger-text" title={schedule.last_error}>
            {schedule.error_count.toLocaleString('en')}
          </span>
        )}
      </TableCell>
      <TableCell className="max-md:hidden">
        <ScheduleStatusBadge status={schedule.status} />
      </TableCell>
      <TableCell align="right" className="pl-0">
        <RowMenu {...props} href={href} />
      </TableCell>
    </TableRow>
  );
}

function NextRun({ schedule }: { schedule: Schedule }) {
  const { next_run_at } = schedule;
  if (next_run_at === null) return <span className="text-subtle">–</span>;
  return (
    <>
      <RelativeTime value={next_run_at} className="block" />
      <span className="block text-xs text-subtle tabular-nums">
        {zonedText(next_run_at, zoneOf(schedule))}
      </span>
    </>
  );
}

function LastResult({ schedule, small = false }: { schedule: Schedule; small?: boolean }) {
  const fire = schedule.last_fire;
  if (fire === null) return small ? null : <span className="text-subtle">–</span>;
  const { status, label } = fireLook(fire);
  const badge = (
    <StatusBadge appearance="inline" status={status} label={label} {...(small && { className: 'text-xs' })} />
  );
  if (fire.execution_id === null) return badge;
  return (
    <Link href={`/executions/${fire.execution_id}`} className="rounded-sm hover:underline">
      {badge}
      <span className="sr-only">: open the last run</span>
    </Link>
  );
}

function RowMenu({ schedule, href, onEdit, onCopy, onDelete }: ScheduleRowProps & { href: string }) {
  const runNow = useRunNow();
  const { status, name, workflow_slug } = schedule;
  const items: MenuEntry[] = [
    { label: 'Open', icon: <Eye />, href },
    { label: 'Run now', icon: <Zap />, onSelect: () => void runNow(schedule) },
    ...(status === 'active'
      ? [{ label: 'Pause', icon: <Pause />, onSelect: () => void switchSchedules([schedule], 'pause') }]
      : []),
    ...(status === 'paused'
      ? [{ label: 'Resume', icon: <Play />, onSelect: () => void switchSchedules([schedule], 'resume') }]
      : []),
    { label: 'Edit', icon: <Pencil />, onSelect: onEdit },
    { label: 'Make a copy', icon: <CopyPlus />, onSelect: onCopy },
    { label: 'Open the workflow', icon: <SquarePen />, href: `/workflows/${workflow_slug}` },
    { type: 'separator' },
    { label: 'Delete', icon: <Trash2 />, danger: true, onSelect: onDelete },
  ];
  return (
    <Menu
      align="end"
      trigger={<IconButton label={`Actions for ${name}`} icon={<Ellipsis />} data-row-menu />}
      items={items}
    />
  );
}
