'use client';

import { Ellipsis, KanbanSquare, Pencil, Trash2 } from 'lucide-react';
import { Badge } from '#ui/badge.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Link } from '#ui/link.tsx';
import { Menu, type MenuEntry } from '#ui/menu.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { TableCell, TableRow, TableSelectCell } from '#ui/table.tsx';
import type { Epic } from './epic.ts';
import { ProgressBar } from './progress-bar.tsx';
import { EpicStatusBadge } from './status-look.tsx';

interface EpicRowProps {
  epic: Epic;
  selected: boolean;
  onSelect: (on: boolean) => void;
  onOpen: () => void;
  onEdit: () => void;
  onDelete: () => void;
  onTag: (tag: string) => void;
}

/** One epic: what it is, how far it is, and its menu. */
export function EpicRow({ epic, selected, onSelect, onOpen, onEdit, onDelete, onTag }: EpicRowProps) {
  const href = `/epics/${epic.id}`;
  const items: MenuEntry[] = [
    { label: 'Open the board', icon: <KanbanSquare />, href },
    { label: 'Edit', icon: <Pencil />, onSelect: onEdit },
    { type: 'separator' },
    { label: 'Delete', icon: <Trash2 />, danger: true, onSelect: onDelete },
  ];
  return (
    <TableRow selected={selected} onActivate={onOpen}>
      <TableSelectCell label={`Select ${epic.title}`} checked={selected} onCheckedChange={onSelect} />
      <TableCell className="w-full max-w-0 py-2">
        <span className="flex min-w-0 items-center gap-2">
          <Link href={href} className="truncate rounded-sm font-medium hover:underline">
            {epic.title}
          </Link>
          {epic.tags.slice(0, 3).map((tag) => (
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
        {epic.description === '' ? null : (
          <span className="block truncate text-xs text-subtle">{epic.description}</span>
        )}
        <span className="mt-1 flex items-center gap-3 md:hidden">
          <span className="sm:hidden">
            <EpicStatusBadge status={epic.status} />
          </span>
          <ProgressBar epic={epic} />
        </span>
      </TableCell>
      <TableCell className="max-sm:hidden">
        <EpicStatusBadge status={epic.status} />
      </TableCell>
      <TableCell className="max-md:hidden">
        <ProgressBar epic={epic} />
      </TableCell>
      <TableCell muted className="max-lg:hidden">
        {epic.priority}
      </TableCell>
      <TableCell muted className="max-lg:hidden">
        <RelativeTime value={epic.updated_at} />
      </TableCell>
      <TableCell align="right" className="pl-0">
        <Menu
          align="end"
          trigger={<IconButton label={`Actions for ${epic.title}`} icon={<Ellipsis />} />}
          items={items}
        />
      </TableCell>
    </TableRow>
  );
}
