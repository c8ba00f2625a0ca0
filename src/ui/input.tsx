'use client';

import { Input as BaseInput } from '@base-ui/react/input';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './class-name.ts';
import { type ControlSize, controlStyle } from './control-style.ts';

export type InputProps = Omit<ComponentProps<'input'>, 'value' | 'defaultValue' | 'size'> & {
  value?: string | undefined;
  defaultValue?: string | undefined;
  onValueChange?: ((value: string) => void) | undefined;
  /** Shown inside the box, before the text. Decorative. */
  leading?: ReactNode;
  /** Shown inside the box, after the text; may hold a small button. */
  trailing?: ReactNode;
  mono?: boolean | undefined;
  inputSize?: ControlSize | undefined;
};

/** One line of text. Inside a `Field` it takes its label, description and error from there. */
export function Input({
  leading,
  trailing,
  mono = false,
  inputSize = 'md',
  onValueChange,
  className,
  ...rest
}: InputProps) {
  const input = (
    <BaseInput
      spellCheck={mono ? false : undefined}
      onValueChange={onValueChange ? (value) => onValueChange(value) : undefined}
      className={cn(
        controlStyle({ size: inputSize }),
        mono && 'font-mono text-xs',
        leading !== undefined && 'pl-8',
        trailing !== undefined && 'pr-9',
        leading === undefined && trailing === undefined && className,
      )}
      {...rest}
    />
  );
  if (leading === undefined && trailing === undefined) return input;
  return (
    <span className={cn('relative flex w-full items-center', className)}>
      {leading === undefined ? null : (
        <span className="pointer-events-none absolute left-2.5 z-1 flex text-subtle [&_svg]:size-4">
          {leading}
        </span>
      )}
      {input}
      {trailing === undefined ? null : (
        <span className="absolute right-1 z-1 flex items-center text-xs text-subtle">{trailing}</span>
      )}
    </span>
  );
}
