'use client';

import { Switch as BaseSwitch } from '@base-ui/react/switch';
import type { ReactNode } from 'react';
import { cn } from './class-name.ts';

export interface SwitchProps {
  checked?: boolean | undefined;
  defaultChecked?: boolean | undefined;
  onCheckedChange?: ((checked: boolean) => void) | undefined;
  label?: ReactNode;
  description?: ReactNode;
  name?: string | undefined;
  id?: string | undefined;
  disabled?: boolean | undefined;
  /** Needed when there is no visible `label`. */
  ariaLabel?: string | undefined;
  className?: string | undefined;
}

/** Turns something on or off at once. With a label, the label is on the left and the switch at the end. */
export function Switch({ label, description, ariaLabel, onCheckedChange, className, ...rest }: SwitchProps) {
  const control = (
    <BaseSwitch.Root
      aria-label={ariaLabel}
      onCheckedChange={onCheckedChange ? (checked) => onCheckedChange(checked) : undefined}
      className={cn(
        'touch-target inline-flex h-4.5 w-8 shrink-0 items-center rounded-full bg-subtle/70 p-0.5 transition-colors',
        'data-checked:bg-accent data-disabled:cursor-not-allowed data-disabled:opacity-50',
        label === undefined && className,
      )}
      {...rest}
    >
      <BaseSwitch.Thumb className="size-3.5 rounded-full bg-white shadow-control transition-transform data-checked:translate-x-3.5" />
    </BaseSwitch.Root>
  );
  if (label === undefined) return control;
  return (
    <label className={cn('flex items-start justify-between gap-4 text-sm', className)}>
      <span className="min-w-0">
        <span className="font-medium">{label}</span>
        {description ? <span className="block text-xs text-subtle">{description}</span> : null}
      </span>
      <span className="flex h-5 items-center">{control}</span>
    </label>
  );
}
