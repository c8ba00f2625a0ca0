'use client';

import { Field as BaseField } from '@base-ui/react/field';
import type { ComponentProps } from 'react';
import { cn } from './class-name.ts';
import { controlStyle } from './control-style.ts';

export type TextareaProps = Omit<ComponentProps<'textarea'>, 'value' | 'defaultValue'> & {
  value?: string | undefined;
  defaultValue?: string | undefined;
  onValueChange?: ((value: string) => void) | undefined;
  mono?: boolean | undefined;
};

/** Several lines of text; grows with its content from `rows` up to 24 lines, then scrolls. */
export function Textarea({
  value,
  defaultValue,
  onValueChange,
  mono = false,
  rows = 3,
  className,
  ...rest
}: TextareaProps) {
  return (
    <BaseField.Control
      value={value}
      defaultValue={defaultValue}
      onValueChange={onValueChange ? (next) => onValueChange(next) : undefined}
      render={
        <textarea
          rows={rows}
          spellCheck={mono ? false : undefined}
          className={cn(
            controlStyle(),
            'block h-auto max-h-120 resize-y py-1.5 leading-5 [field-sizing:content]',
            mono && 'font-mono text-xs leading-5',
            className,
          )}
          style={{ minHeight: `${rows * 1.25 + 0.875}rem` }}
          {...rest}
        />
      }
    />
  );
}
