'use client';

import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import type { ReactNode } from 'react';
import { cn } from './class-name.ts';

const sizes = {
  sm: 'h-6 px-2 text-xs [&_svg]:size-3.5',
  md: 'h-7 px-2.5 text-sm [&_svg]:size-4',
} as const;

export interface SegmentedControlProps<V extends string> {
  value: V;
  onValueChange: (value: V) => void;
  items: readonly {
    value: V;
    label: string;
    icon?: ReactNode;
    /** Shows only the icon; the label is still read aloud. */
    iconOnly?: boolean | undefined;
    disabled?: boolean | undefined;
  }[];
  size?: keyof typeof sizes | undefined;
  ariaLabel: string;
  className?: string | undefined;
}

/** Two to five exclusive choices side by side. Exactly one is always chosen. */
export function SegmentedControl<V extends string>(props: SegmentedControlProps<V>) {
  const { value, onValueChange, items, size = 'md', ariaLabel, className } = props;
  return (
    <ToggleGroup<V>
      aria-label={ariaLabel}
      value={[value]}
      onValueChange={([next]) => {
        if (next !== undefined) onValueChange(next);
      }}
      className={cn('inline-flex w-fit items-center gap-0.5 rounded-md border bg-sunken p-0.5', className)}
    >
      {items.map((item) => (
        <Toggle
          key={item.value}
          value={item.value}
          disabled={item.disabled}
          aria-label={item.iconOnly ? item.label : undefined}
          title={item.iconOnly ? item.label : undefined}
          className={cn(
            'inline-flex flex-auto items-center justify-center gap-1.5 whitespace-nowrap rounded-sm font-medium text-subtle transition-colors [&_svg]:shrink-0 hover:text-text disabled:opacity-50',
            'data-pressed:bg-surface data-pressed:text-text data-pressed:shadow-control data-pressed:ring-1 data-pressed:ring-border dark:data-pressed:bg-active pointer-coarse:min-h-11 pointer-coarse:min-w-11',
            sizes[size],
          )}
        >
          {item.icon}
          {item.iconOnly ? null : item.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
