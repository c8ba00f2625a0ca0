'use client';

import type { ComponentProps, ReactNode } from 'react';
import { type ButtonSize, type ButtonVariant, buttonStyle } from './button.tsx';
import { cn } from './class-name.ts';
import { Spinner } from './spinner.tsx';
import { type Side, Tooltip } from './tooltip.tsx';

const squares = {
  sm: 'w-7 px-0 pointer-coarse:min-w-11',
  md: 'w-8 px-0 pointer-coarse:min-w-11',
  lg: 'w-10 px-0 pointer-coarse:min-w-11',
} as const;

export type IconButtonProps = Omit<ComponentProps<'button'>, 'children' | 'aria-label'> & {
  /** Read aloud and shown as a tooltip. */
  label: string;
  icon: ReactNode;
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
  shortcut?: string | undefined;
  /** Makes it a toggle button. */
  pressed?: boolean | undefined;
  loading?: boolean | undefined;
  tooltipSide?: Side | undefined;
};

/** A square button that shows only an icon. */
export function IconButton({
  label,
  icon,
  variant = 'ghost',
  size = 'md',
  shortcut,
  pressed,
  loading = false,
  disabled,
  tooltipSide,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={label} shortcut={shortcut} side={tooltipSide}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        aria-busy={loading || undefined}
        disabled={disabled === true || loading}
        className={cn(buttonStyle({ variant, size }), squares[size], className)}
        {...rest}
      >
        {loading ? <Spinner size="sm" /> : icon}
      </button>
    </Tooltip>
  );
}
