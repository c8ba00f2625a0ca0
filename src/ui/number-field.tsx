'use client';

import { NumberField as BaseNumberField } from '@base-ui/react/number-field';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { cn } from './class-name.ts';
import { controlStyle, focusWithinRing } from './control-style.ts';

const stepper =
  'flex w-6 flex-1 items-center justify-center border-l text-subtle hover:bg-hover hover:text-text disabled:opacity-40';

export interface NumberFieldProps {
  value?: number | null | undefined;
  defaultValue?: number | undefined;
  onValueChange?: ((value: number | null) => void) | undefined;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | undefined;
  /** Shown after the number, such as `seconds`. */
  unit?: string | undefined;
  format?: Intl.NumberFormatOptions | undefined;
  placeholder?: string | undefined;
  name?: string | undefined;
  id?: string | undefined;
  required?: boolean | undefined;
  disabled?: boolean | undefined;
  readOnly?: boolean | undefined;
  ariaLabel?: string | undefined;
  className?: string | undefined;
}

/** A number with steppers; arrow keys step, Shift by ten. An empty box is `null`. */
export function NumberField({
  onValueChange,
  unit,
  placeholder,
  ariaLabel,
  className,
  ...rest
}: NumberFieldProps) {
  return (
    <BaseNumberField.Root
      onValueChange={onValueChange ? (value) => onValueChange(value) : undefined}
      className={cn('min-w-24', className)}
      {...rest}
    >
      <BaseNumberField.Group className={cn(controlStyle(), focusWithinRing, 'overflow-hidden pr-0')}>
        <BaseNumberField.Input
          aria-label={ariaLabel}
          placeholder={placeholder}
          className="h-full min-w-0 flex-1 bg-transparent tabular-nums disabled:cursor-not-allowed"
        />
        {unit ? <span className="px-2 text-xs text-subtle">{unit}</span> : null}
        <span className="flex h-full flex-col self-stretch divide-y pointer-coarse:hidden">
          <BaseNumberField.Increment className={stepper} aria-label="Increase">
            <ChevronUp className="size-3" />
          </BaseNumberField.Increment>
          <BaseNumberField.Decrement className={stepper} aria-label="Decrease">
            <ChevronDown className="size-3" />
          </BaseNumberField.Decrement>
        </span>
      </BaseNumberField.Group>
    </BaseNumberField.Root>
  );
}
