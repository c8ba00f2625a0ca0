'use client';

import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { cn } from './class-name.ts';
import { IconButton } from './icon-button.tsx';

const widths = { sm: 'sm:max-w-100', md: 'sm:max-w-130', lg: 'sm:max-w-180', xl: 'sm:max-w-240' } as const;

export interface DialogProps {
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons at the bottom right; the last one is the main action. */
  footer?: ReactNode;
  size?: keyof typeof widths | undefined;
  /** `right` is a side sheet over the full height. */
  placement?: 'center' | 'right' | undefined;
  trigger?: ReactElement | undefined;
  /** When false, only the buttons inside close it: for data that would be lost. */
  dismissible?: boolean | undefined;
  className?: string | undefined;
}

/** A modal dialog. On a phone it is a sheet at the bottom. Focus is held inside and returned afterwards. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange, trigger, placement = 'center', size = 'md', dismissible = true } = props;
  return (
    <BaseDialog.Root
      open={open}
      onOpenChange={(next, details) => {
        if (!dismissible && (details.reason === 'escape-key' || details.reason === 'outside-press')) {
          details.cancel();
          return;
        }
        onOpenChange?.(next);
      }}
    >
      {trigger ? <BaseDialog.Trigger render={trigger} /> : null}
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdropStyle} />
        <BaseDialog.Viewport className={placement === 'right' ? rightViewport : centerViewport}>
          <BaseDialog.Popup
            data-popup
            className={cn(
              panelStyle,
              placement === 'right' ? rightPanel : centerPanel,
              widths[size],
              props.className,
            )}
          >
            <DialogHeader title={props.title} description={props.description} dismissible={dismissible} />
            {props.children === undefined ? null : (
              <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 pt-1 pb-5">
                {props.children}
              </div>
            )}
            {props.footer ? <DialogFooter>{props.footer}</DialogFooter> : null}
            {dismissible ? (
              // Last in the document, so that opening focuses the first field and not this.
              <BaseDialog.Close
                render={
                  <IconButton label="Close" icon={<X />} size="sm" className="absolute top-3.5 right-3.5" />
                }
              />
            ) : null}
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

function DialogHeader({
  title,
  description,
  dismissible,
}: {
  title: ReactNode;
  description: ReactNode;
  dismissible: boolean;
}) {
  return (
    <div className={cn('px-5 pt-4.5 pb-3', dismissible && 'pr-13')}>
      <BaseDialog.Title className="text-lg font-semibold leading-6">{title}</BaseDialog.Title>
      {description ? (
        <BaseDialog.Description className="mt-1 text-sm text-muted">{description}</BaseDialog.Description>
      ) : null}
    </div>
  );
}

/** The row of buttons that ends a dialog. */
export function DialogFooter({ children }: { children: ReactNode }) {
  return (
    <div className="flex shrink-0 flex-col-reverse gap-2 border-t bg-sunken/60 px-5 py-3 sm:flex-row sm:items-center sm:justify-end dark:bg-sunken/40">
      {children}
    </div>
  );
}

export const backdropStyle =
  'fixed inset-0 z-40 bg-overlay transition-opacity duration-200 data-ending-style:opacity-0 data-starting-style:opacity-0';

export const centerViewport =
  'fixed inset-0 z-40 flex items-end justify-center overflow-hidden sm:items-center sm:p-6';
const rightViewport = 'fixed inset-0 z-40 flex justify-end overflow-hidden';

export const panelStyle =
  'relative flex w-full flex-col overflow-hidden border border-border bg-raised text-text shadow-raised transition-[transform,opacity] duration-200 ease-out data-ending-style:opacity-0 data-starting-style:opacity-0';

export const centerPanel =
  'max-h-[min(92dvh,100%)] rounded-t-xl data-starting-style:translate-y-4 data-ending-style:translate-y-4 sm:max-h-[min(80dvh,100%)] sm:rounded-xl sm:data-starting-style:translate-y-0 sm:data-starting-style:scale-[0.98] sm:data-ending-style:translate-y-0 sm:data-ending-style:scale-[0.98]';

const rightPanel =
  'h-full border-y-0 border-r-0 sm:rounded-l-xl data-starting-style:translate-x-6 data-ending-style:translate-x-6';
