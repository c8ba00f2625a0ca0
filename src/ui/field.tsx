'use client';

import { Field as BaseField } from '@base-ui/react/field';
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './class-name.ts';

export interface FieldProps {
  label: ReactNode;
  /** Consequence, format, security or hidden state; never a repetition of the label. */
  description?: ReactNode;
  /** When set, the control is marked invalid and the message is read with it. */
  error?: string | null | undefined;
  required?: boolean | undefined;
  optional?: boolean | undefined;
  /** A small control at the end of the label line. */
  action?: ReactNode;
  orientation?: 'vertical' | 'horizontal' | undefined;
  hideLabel?: boolean | undefined;
  disabled?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
}

/** Names one control and connects its description and error to it for screen readers. */
export function Field(props: FieldProps) {
  const { label, description, error, action, orientation = 'vertical', children } = props;
  const horizontal = orientation === 'horizontal';
  const invalid = error !== undefined && error !== null && error !== '';
  return (
    <BaseField.Root
      invalid={invalid}
      disabled={props.disabled}
      className={cn(
        'flex min-w-0 gap-1.5',
        horizontal ? 'flex-col sm:grid sm:grid-cols-[14rem_1fr] sm:gap-x-6' : 'flex-col',
        props.className,
      )}
    >
      <div
        className={cn(
          'flex min-h-5 items-center justify-between gap-2',
          horizontal && 'sm:self-start sm:pt-1.5',
          props.hideLabel && !action && 'sr-only',
        )}
      >
        <BaseField.Label className={cn('text-sm font-medium text-text', props.hideLabel && 'sr-only')}>
          {label}
          {props.required ? <RequiredMark /> : null}
          {props.optional ? <span className="ml-0.5 font-normal text-subtle"> Optional</span> : null}
        </BaseField.Label>
        {action ? <div className="-my-1 flex items-center">{action}</div> : null}
      </div>
      <div className="flex min-w-0 flex-col gap-1.5">
        {children}
        <BaseField.Error match={invalid} className="flex items-start gap-1.5 text-xs text-danger-text">
          <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
          <span className="min-w-0 break-words">{error}</span>
        </BaseField.Error>
        {description ? (
          <BaseField.Description className="text-xs text-subtle">{description}</BaseField.Description>
        ) : null}
      </div>
    </BaseField.Root>
  );
}

function RequiredMark() {
  return (
    <>
      <span aria-hidden className="ml-0.5 text-danger-text">
        *
      </span>
      <span className="sr-only"> (required)</span>
    </>
  );
}
