'use client';

import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { cn } from './class-name.ts';

export interface TabItem {
  value: string;
  label: string;
  icon?: ReactNode;
  count?: number | undefined;
  disabled?: boolean | undefined;
}

export interface TabsProps {
  value: string;
  onValueChange: (value: string) => void;
  items: readonly TabItem[];
  /** `TabPanel`s. */
  children?: ReactNode;
  variant?: 'line' | 'pill' | undefined;
  /** Shown at the end of the row of tabs. */
  trailing?: ReactNode;
  ariaLabel?: string | undefined;
  className?: string | undefined;
  listClassName?: string | undefined;
}

/** Class names of one tab; `data-active` or `aria-current` marks the chosen one. */
export const tabStyle = {
  line: 'relative flex h-9 items-center gap-1.5 whitespace-nowrap rounded-md px-0.5 text-sm font-medium text-subtle transition-colors hover:text-text disabled:opacity-50 data-active:text-text aria-[current=page]:text-text pointer-coarse:min-h-11 [&_svg]:size-4',
  pill: 'relative z-1 flex h-7 items-center gap-1.5 whitespace-nowrap rounded-md px-2.5 text-sm font-medium text-subtle transition-colors hover:text-text disabled:opacity-50 data-active:text-text pointer-coarse:min-h-11 [&_svg]:size-4',
} as const;

const listStyle = {
  line: 'relative flex items-center gap-5 overflow-x-auto border-b px-0.5 [scrollbar-width:none]',
  pill: 'relative flex w-fit max-w-full items-center gap-0.5 overflow-x-auto [scrollbar-width:none]',
} as const;

const indicatorStyle = {
  line: 'absolute bottom-0 left-(--active-tab-left) h-0.5 w-(--active-tab-width) rounded-full bg-accent transition-all duration-200',
  pill: 'absolute left-(--active-tab-left) h-7 w-(--active-tab-width) rounded-md bg-active transition-all duration-200 pointer-coarse:h-11',
} as const;

/** Views of one thing. Arrow keys move between tabs. */
export function Tabs({ value, onValueChange, items, children, variant = 'line', ...rest }: TabsProps) {
  return (
    <BaseTabs.Root
      value={value}
      onValueChange={(next: string) => onValueChange(next)}
      className={cn('flex min-h-0 min-w-0 flex-col', rest.className)}
    >
      <BaseTabs.List
        aria-label={rest.ariaLabel}
        activateOnFocus
        className={cn(listStyle[variant], rest.listClassName)}
      >
        {items.map((item) => (
          <BaseTabs.Tab
            key={item.value}
            value={item.value}
            disabled={item.disabled}
            className={tabStyle[variant]}
          >
            {item.icon}
            {item.label}
            {item.count === undefined ? null : <TabCount value={item.count} />}
          </BaseTabs.Tab>
        ))}
        <BaseTabs.Indicator className={indicatorStyle[variant]} />
        {rest.trailing ? <div className="ml-auto flex items-center gap-1">{rest.trailing}</div> : null}
      </BaseTabs.List>
      {children}
    </BaseTabs.Root>
  );
}

/** The number beside a tab's name. */
export function TabCount({ value }: { value: number }) {
  return (
    <span className="rounded-full bg-active px-1.5 text-2xs font-medium tabular-nums text-muted">
      {value.toLocaleString('en')}
    </span>
  );
}

/** What one tab shows. */
export function TabPanel({
  value,
  keepMounted = false,
  className,
  children,
}: {
  value: string;
  keepMounted?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <BaseTabs.Panel
      value={value}
      keepMounted={keepMounted}
      className={cn('min-h-0 min-w-0 rounded-md', className)}
    >
      {children}
    </BaseTabs.Panel>
  );
}
