'use client';

import { Popover as BasePopover } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';
import { cn } from './class-name.ts';
import type { Side } from './tooltip.tsx';

export interface PopoverProps {
  /** The button that opens it. */
  trigger: ReactElement;
  title?: ReactNode;
  children: ReactNode;
  side?: Side | undefined;
  align?: 'start' | 'center' | 'end' | undefined;
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
  className?: string | undefined;
}

/** A small panel beside its button, for filters and details. Esc or a click outside closes it. */
export function Popover({
  trigger,
  title,
  children,
  side = 'bottom',
  align = 'start',
  ...rest
}: PopoverProps) {
  const { open, onOpenChange, className } = rest;
  return (
    <BasePopover.Root open={open} onOpenChange={onOpenChange ? (next) => onOpenChange(next) : undefined}>
      <BasePopover.Trigger render={trigger} />
      <BasePopover.Portal>
        <BasePopover.Positioner
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50"
        >
          <BasePopover.Popup
            data-popup
            className={cn(
              'popup max-h-(--available-height) w-72 max-w-(--available-width) overflow-y-auto p-4',
              className,
            )}
          >
            {title ? (
              <BasePopover.Title className="mb-3 text-sm font-semibold">{title}</BasePopover.Title>
            ) : null}
            {children}
          </BasePopover.Popup>
        </BasePopover.Positioner>
      </BasePopover.Portal>
    </BasePopover.Root>
  );
}
