'use client';

import { Badge } from '#ui/badge.tsx';
import { cn } from '#ui/class-name.ts';
import { Pagination } from '#ui/pagination.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '#ui/table.tsx';
import { actionLabel, actionTone } from './action-label.ts';
import { type AuditEvent, type AuditPage, actorOf } from './audit-event.ts';
import type { ListState } from './list-state.ts';

interface AuditTableProps {
  page: AuditPage;
  state: ListState;
  change: (change: Partial<ListState>, how?: { step?: boolean }) => void;
  /** Another page is on its way. */
  stale: boolean;
  onOpen: (event: AuditEvent) => void;
}

/** One page of the log. */
export function AuditTable({ page, state, change, stale, onOpen }: AuditTableProps) {
  const newestFirst = state.sort === '-created_at';
  return (
    <div>
      <Table label="Audit log" className={cn('transition-opacity', stale && 'opacity-60')}>
        <TableHead>
          <TableHeaderCell width="30%">Action</TableHeaderCell>
          <TableHeaderCell width="20%" className="max-sm:hidden">
            Who
          </TableHeaderCell>
          <TableHeaderCell width="30%" className="max-md:hidden">
            What
          </TableHeaderCell>
          <TableHeaderCell width="9.5rem" className="max-lg:hidden">
            Address
          </TableHeaderCell>
          <TableHeaderCell
            width="7.5rem"
            align="right"
            sort={newestFirst ? 'desc' : 'asc'}
            onSort={() => change({ sort: newestFirst ? 'created_at' : '-created_at', offset: 0 })}
          >
            When
          </TableHeaderCell>
        </TableHead>
        <TableBody>
          {page.items.map((event) => (
            <EventRow key={event.id} event={event} onOpen={() => onOpen(event)} />
          ))}
        </TableBody>
      </Table>
      <Pagination
        total={page.total}
        limit={state.limit}
        offset={state.offset}
        onChange={(next) => change(next, { step: true })}
      />
    </div>
  );
}

function EventRow({ event, onOpen }: { event: AuditEvent; onOpen: () => void }) {
  const tone = actionTone(event.action);
  const actor = actorOf(event);
  return (
    <TableRow onActivate={onOpen}>
      <TableCell className="w-full max-w-0 py-1.5 sm:w-auto">
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={onOpen}
          className="max-w-full truncate rounded-sm text-left font-medium hover:underline"
        >
          {tone === 'neutral' ? (
            actionLabel(event.action)
          ) : (
            <Badge tone={tone}>{actionLabel(event.action)}</Badge>
          )}
        </button>
        <span className="block truncate text-xs text-subtle sm:hidden">
          {actor.name}
          {event.target === null ? '' : ` · ${event.target}`}
        </span>
      </TableCell>
      <TableCell truncate className={cn('max-sm:hidden', !actor.known && 'text-subtle')}>
        {actor.name}
      </TableCell>
      <TableCell muted truncate className="max-md:hidden">
        {event.target ?? '–'}
      </TableCell>
      <TableCell mono muted truncate className="max-lg:hidden">
        {event.address ?? '–'}
      </TableCell>
      <TableCell align="right" muted>
        <RelativeTime value={event.created_at} />
      </TableCell>
    </TableRow>
  );
}
