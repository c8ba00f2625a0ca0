'use client';

import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './class-name.ts';

export interface CheckboxProps {
  checked?: boolean | undefined;
  defaultChecked?: boolean | undefined;
  onCheckedChange?: ((checked: boolean) => void) | undefined;
  indeterminate?: boolean | undefined;
  label?: ReactNode;
  description?: ReactNode;
  name?: string | undefined;
  id?: string | undefined;
  required?: boolean | undefined;
  disabled?: boolean | undefined;
  /** Needed when there is no visible `label`. */
  ariaLabel?: string | undefined;
  className?: string | undefined;
}

/** A box to tick, with its label beside it. */
export function Checkbox({
  label,
  description,
  ariaLabel,
  onCheckedChange,
  className,
  ...rest
}: CheckboxProps) {
  const box = (
    <BaseCheckbox.Root
      aria-label={ariaLabel}
      onCheckedChange={onCheckedChange ? (checked) => onCheckedChange(checked) : undefined}
      className={cn(
        'touch-target flex size-4 shrink-0 items-center justify-center rounded-sm border border-subtle/70 bg-surface text-on-accent transition-colors',
        'hover:border-accent data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent data-invalid:border-danger',
        'data-disabled:cursor-not-allowed data-disabled:opacity-50',
        label === undefined && className,
      )}
      {...rest}
    >
      <BaseCheckbox.Indicator className="flex">
        {rest.indeterminate ? (
          <Minus className="size-3" strokeWidth={3} />
        ) : (
          <Check className="size-3" strokeWidth={3} />
        )}
      </BaseCheckbox.Indicator>
    </BaseCheckbox.Root>
  );
  if (label === undefined) return box;
  return (
    <label
      className={cn(
        'flex items-start gap-2 text-sm',
        rest.disabled && 'cursor-not-allowed text-subtle',
        className,
      )}
    >
      <span className="flex h-5 items-center">{box}</span>
      <span>
        {label}
        {description ? <span className="block text-xs text-subtle">{description}</span> : null}
      </span>
    </label>
  );
}
