'use client';

import type { ReactNode } from 'react';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { JsonView } from '#ui/json-view.tsx';
import { actionLabel, actionTone } from './action-label.ts';
import { type AuditEvent, actorOf } from './audit-event.ts';

interface EventDrawerProps {
  /** Null: closed. */
  event: AuditEvent | null;
  onClose: () => void;
  /** Asks for everything somebody did. */
  onActor: (username: string) => void;
}

/** Everything that is known of one entry. */
export function EventDrawer({ event, onClose, onActor }: EventDrawerProps) {
  if (event === null) return null;
  const actor = actorOf(event);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      placement="right"
      title={actionLabel(event.action)}
      footer={
        event.actor_username === null ? undefined : (
          <Button onClick={() => onActor(event.actor_username ?? '')}>
            Show everything by {event.actor_username}
          </Button>
        )
      }
    >
      <dl className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-x-4 gap-y-3 text-sm">
        <Line name="Action">
          <Badge tone={actionTone(event.action)} mono>
            {event.action}
          </Badge>
        </Line>
        <Line name="When">
          <time dateTime={event.created_at}>{exact(event.created_at)}</time>
        </Line>
        <Line name="Who">{actor.name}</Line>
        <Line name="What">{event.target ?? 'Nothing in particular'}</Line>
        {event.environment_name === null ? null : <Line name="Environment">{event.environment_name}</Line>}
        <Line name="From">
          {event.address === null ? 'Unknown' : <span className="font-mono text-xs">{event.address}</span>}
        </Line>
        <Line name="Entry">
          <span className="tabular-nums">{event.id}</span>
        </Line>
        <Line name="Hash">
          <span className="flex items-start gap-1">
            <code className="min-w-0 flex-1 break-all font-mono text-xs">{event.hash}</code>
            <CopyButton value={event.hash} label="Copy hash" className="-my-1" />
          </span>
        </Line>
      </dl>
      <h3 className="mt-6 mb-2 text-sm font-medium">Detail</h3>
      {Object.keys(event.detail).length === 0 ? (
        <p className="text-sm text-subtle">This action has no detail.</p>
      ) : (
        <JsonView
          value={event.detail}
          label="Detail of the entry"
          className="rounded-lg border bg-sunken p-3"
        />
      )}
    </Dialog>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-subtle">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

const exact = (time: string): string =>
  new Date(time).toLocaleString('en', { dateStyle: 'long', timeStyle: 'long' });
