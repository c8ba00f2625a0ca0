'use client';

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './class-name.ts';
import { IconButton } from './icon-button.tsx';

export interface SelectionBarProps {
  count: number;
  onClear: () => void;
  /** Buttons for the selection. */
  children: ReactNode;
  /** Singular and plural. */
  itemName?: readonly [string, string] | undefined;
  className?: string | undefined;
}

/** Floats at the bottom of the screen while rows are selected, with the commands for them. */
export function SelectionBar({ count, onClear, children, itemName, className }: SelectionBarProps) {
  if (count === 0) return null;
  const noun = itemName === undefined ? '' : ` ${count === 1 ? itemName[0] : itemName[1]}`;
  return (
    <div
      role="toolbar"
      aria-label="Selection"
      className={cn(
        'sticky bottom-4 z-10 mx-auto mt-4 flex w-fit max-w-full items-start gap-2 max-sm:w-full rounded-lg border bg-raised py-1.5 pr-1.5 pl-3 shadow-raised max-sm:bottom-18',
        className,
      )}
    >
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1">
        <span role="status" className="mr-2 min-h-8 content-center text-sm font-medium tabular-nums">
          {count}
          {noun} selected
        </span>
        {children}
      </div>
      <IconButton label="Clear selection" icon={<X />} onClick={onClear} />
    </div>
  );
}
