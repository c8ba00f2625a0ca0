'use client';

import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, type ButtonSize } from './button.tsx';
import { cn } from './class-name.ts';
import { Menu, type MenuEntry } from './menu.tsx';

export interface SplitButtonProps {
  label: ReactNode;
  icon?: ReactNode;
  onClick: () => void;
  /** The other ways to do it. */
  items: readonly MenuEntry[];
  variant?: 'primary' | 'secondary' | undefined;
  size?: ButtonSize | undefined;
  loading?: boolean | undefined;
  disabled?: boolean | undefined;
  /** Names the arrow for screen readers. */
  menuLabel?: string | undefined;
  className?: string | undefined;
}

/** The usual command, with its variations behind the arrow. */
export function SplitButton(props: SplitButtonProps) {
  const { label, icon, onClick, items, variant = 'secondary', size, loading, disabled } = props;
  return (
    <span className={cn('inline-flex', props.className)}>
      <Button
        variant={variant}
        size={size}
        icon={icon}
        loading={loading}
        disabled={disabled}
        onClick={onClick}
        className="rounded-r-none focus-visible:z-1"
      >
        {label}
      </Button>
      <Menu
        align="end"
        items={items}
        trigger={
          <Button
            variant={variant}
            size={size}
            disabled={disabled}
            aria-label={props.menuLabel ?? 'More options'}
            className={cn(
              'rounded-l-none px-1.5 focus-visible:z-1 pointer-coarse:min-w-11',
              variant === 'primary' ? 'border-l-on-accent/25' : '-ml-px',
            )}
          >
            <ChevronDown />
          </Button>
        }
      />
    </span>
  );
}
