'use client';

import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './class-name.ts';
import { Link, type LinkProps } from './link.tsx';
import { Spinner } from './spinner.tsx';

/** Class names of a button, for elements that must look like one. */
export const buttonStyle = cva(
  [
    'relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium',
    'transition-[background-color,border-color,color,opacity] [&_svg]:shrink-0',
    'disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50',
    'pointer-coarse:min-h-11',
  ],
  {
    variants: {
      variant: {
        primary:
          'border-transparent bg-accent text-on-accent shadow-control not-disabled:hover:bg-accent-hover data-popup-open:bg-accent-hover',
        secondary:
          'border-strong/80 bg-surface text-text shadow-control not-disabled:hover:bg-hover not-disabled:active:bg-active data-popup-open:bg-hover',
        ghost:
          'border-transparent bg-transparent text-muted not-disabled:hover:bg-hover not-disabled:hover:text-text not-disabled:active:bg-active data-popup-open:bg-hover data-popup-open:text-text aria-pressed:bg-active aria-pressed:text-text',
        danger:
          'border-transparent bg-danger text-on-danger shadow-control not-disabled:hover:bg-danger-hover',
      },
      size: {
        sm: 'h-7 px-2.5 text-xs [&_svg]:size-3.5',
        md: 'h-8 px-3 text-sm [&_svg]:size-4',
        lg: 'h-10 px-4 text-base [&_svg]:size-4',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

export type ButtonVariant = NonNullable<VariantProps<typeof buttonStyle>['variant']>;
export type ButtonSize = NonNullable<VariantProps<typeof buttonStyle>['size']>;

interface ButtonLook {
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
  icon?: ReactNode;
  trailing?: ReactNode;
}

export type ButtonProps = ComponentProps<'button'> & ButtonLook & { loading?: boolean | undefined };

/** A button. While `loading` it keeps its width, shows a spinner and refuses further clicks. */
export function Button({
  variant,
  size,
  icon,
  trailing,
  loading = false,
  disabled,
  className,
  children,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      disabled={disabled === true || loading}
      aria-busy={loading || undefined}
      className={cn(buttonStyle({ variant, size }), className)}
      {...rest}
    >
      {loading ? <Spinner size="sm" /> : icon}
      {children}
      {trailing}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({
  variant,
  size,
  icon,
  trailing,
  className,
  children,
  ...rest
}: LinkProps & ButtonLook) {
  return (
    <Link className={cn(buttonStyle({ variant, size }), className)} {...rest}>
      {icon}
      {children}
      {trailing}
    </Link>
  );
}
