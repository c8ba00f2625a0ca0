'use client';

import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import type { RunEvent } from '#domain/run/event.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '#ui/table.tsx';

const STEP = 200;

/** Every event of the run with its number and time, oldest first. */
export function EventLog({ events, error }: { events: readonly RunEvent[]; error: unknown }) {
  const [shown, setShown] = useState(STEP);
  if (error)
    return <ErrorNotice title="The events could not be loaded" description={readProblem(error).message} />;
  const [first] = events;
  if (!first) return <EmptyState compact title="No events yet" />;
  return (
    <>
      <Table label="Events" density="compact">
        <TableHead>
          <TableHeaderCell width="4rem" align="right">
            No.
          </TableHeaderCell>
          <TableHeaderCell width="6rem" align="right">
            After
          </TableHeaderCell>
          <TableHeaderCell>Event</TableHeaderCell>
        </TableHead>
        <TableBody>
          {events.slice(0, shown).map((event) => (
            <TableRow key={event.seq}>
              <TableCell align="right" muted>
                {event.seq}
              </TableCell>
              <TableCell align="right" muted className="whitespace-nowrap">
                {sinceStart(event.timestamp - first.timestamp)}
              </TableCell>
              <TableCell className="w-full max-w-0 truncate">{sentence(event)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {events.length > shown ? (
        <div className="mt-3 flex justify-center">
          <Button onClick={() => setShown(shown + STEP)}>
            Show {Math.min(STEP, events.length - shown)} more
          </Button>
        </div>
      ) : null}
    </>
  );
}

const sinceStart = (seconds: number): string => `${Math.max(0, seconds).toFixed(3)} s`;

const WORDS: Readonly<Record<string, string>> = {
  execution_started: 'The run started',
  execution_completed: 'The run completed',
  execution_failed: 'The run failed',
  execution_interrupted: 'The run waits for a person',
  execution_cancelled: 'The run was cancelled',
};

function sentence({ type, data }: RunEvent): string {
  const node = String(data.node_label ?? data.display_name ?? data.node_id ?? '');
  if (type === 'node_enqueued') return `${node}: queued`;
  if (type !== 'node_status') return [WORDS[type] ?? type, data.error].filter(Boolean).join(': ');
  const attempt = typeof data.attempt === 'number' && data.attempt > 1 ? ` (attempt ${data.attempt})` : '';
  return [`${node}: ${String(data.status)}${attempt}`, data.error].filter(Boolean).join(' – ');
}
