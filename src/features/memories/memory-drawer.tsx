'use client';

import { Trash2 } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { Button } from '#ui/button.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { JsonView } from '#ui/json-view.tsx';

interface MemoryDrawerProps {
  title: string;
  lines: readonly (readonly [string, ReactNode])[];
  body: { readonly label: string; readonly value: unknown } | null;
  /** Beside the button that deletes this one. */
  actions?: ReactNode;
  onDelete: () => void;
  busy: boolean;
  onClose: () => void;
}

/** Everything that is known of one memory. */
export function MemoryDrawer({ title, lines, body, actions, onDelete, busy, onClose }: MemoryDrawerProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      placement="right"
      title={<span className="break-words">{title}</span>}
      footer={
        <>
          {actions}
          <Button variant="danger" icon={<Trash2 />} loading={busy} onClick={onDelete}>
            Delete
          </Button>
        </>
      }
    >
      <dl className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-x-4 gap-y-3 text-sm">
        {lines.map(([name, value]) => (
          <Fragment key={name}>
            <dt className="text-subtle">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </Fragment>
        ))}
      </dl>
      {body === null ? null : (
        <>
          <div className="mt-6 mb-2 flex items-center justify-between gap-2">
            <h3 className="text-sm font-medium">{body.label}</h3>
            <CopyButton
              value={typeof body.value === 'string' ? body.value : JSON.stringify(body.value, null, 2)}
              label={`Copy ${body.label.toLowerCase()}`}
            />
          </div>
          {typeof body.value === 'string' ? (
            <p className="rounded-lg border bg-sunken p-3 text-sm whitespace-pre-wrap break-words">
              {body.value}
            </p>
          ) : (
            <JsonView value={body.value} label={body.label} className="rounded-lg border bg-sunken p-3" />
          )}
        </>
      )}
    </Dialog>
  );
}
