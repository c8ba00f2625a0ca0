'use client';

import { AlertDialog as BaseAlertDialog } from '@base-ui/react/alert-dialog';
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { cn } from './class-name.ts';
import { backdropStyle, centerPanel, centerViewport, DialogFooter, panelStyle } from './dialog.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { Field } from './field.tsx';
import { Input } from './input.tsx';

export interface ConfirmOptions {
  title: string;
  /** What will happen, and whether it can be undone. */
  description?: ReactNode;
  confirmLabel?: string | undefined;
  cancelLabel?: string | undefined;
  tone?: 'default' | 'danger' | undefined;
  /** The person must type this text first. */
  requireText?: string | undefined;
}

export interface ConfirmDialogProps extends ConfirmOptions {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The dialog stays open and busy until the promise settles; a rejection is shown inside it. */
  onConfirm: () => void | Promise<void>;
  children?: ReactNode;
}

/** Asks before something that cannot easily be taken back. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <BaseAlertDialog.Root open={props.open} onOpenChange={(open) => props.onOpenChange(open)}>
      <BaseAlertDialog.Portal>
        <BaseAlertDialog.Backdrop className={backdropStyle} />
        <BaseAlertDialog.Viewport className={centerViewport}>
          <BaseAlertDialog.Popup data-popup className={cn(panelStyle, centerPanel, 'sm:max-w-110')}>
            <ConfirmBody {...props} />
          </BaseAlertDialog.Popup>
        </BaseAlertDialog.Viewport>
      </BaseAlertDialog.Portal>
    </BaseAlertDialog.Root>
  );
}

function ConfirmBody(props: ConfirmDialogProps) {
  const { title, description, tone = 'default', requireText, onConfirm, onOpenChange, children } = props;
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const ready = requireText === undefined || typed === requireText;

  const confirm = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await onConfirm();
      onOpenChange(false);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) void confirm();
      }}
    >
      <div className="flex flex-col gap-3 px-5 pt-5 pb-5">
        <BaseAlertDialog.Title className="text-lg font-semibold leading-6">{title}</BaseAlertDialog.Title>
        {description ? (
          <BaseAlertDialog.Description render={<div />} className="text-sm text-muted">
            {description}
          </BaseAlertDialog.Description>
        ) : null}
        {children}
        {requireText === undefined ? null : (
          <Field
            label={
              <>
                Type <span className="select-text font-mono text-xs">{requireText}</span> to confirm
              </>
            }
          >
            <Input value={typed} onValueChange={setTyped} autoComplete="off" mono />
          </Field>
        )}
        {failure === null ? null : <ErrorNotice title={failure} compact />}
      </div>
      <DialogFooter>
        <BaseAlertDialog.Close render={<Button disabled={busy}>{props.cancelLabel ?? 'Cancel'}</Button>} />
        <Button
          type="submit"
          variant={tone === 'danger' ? 'danger' : 'primary'}
          disabled={!ready}
          loading={busy}
        >
          {props.confirmLabel ?? 'Confirm'}
        </Button>
      </DialogFooter>
    </form>
  );
}
