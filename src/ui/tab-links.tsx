'use client';

import { cn } from './class-name.ts';
import { Link } from './link.tsx';
import { TabCount, tabStyle } from './tabs.tsx';

export interface TabLinksProps {
  items: readonly { href: string; label: string; count?: number | undefined }[];
  /** The `href` of the page that is shown. */
  active: string;
  ariaLabel: string;
  className?: string | undefined;
}

/** Tabs that are pages of their own, so each has an address. */
export function TabLinks({ items, active, ariaLabel, className }: TabLinksProps) {
  return (
    <nav
      aria-label={ariaLabel}
      className={cn(
        'flex items-center gap-5 overflow-x-auto border-b px-0.5 [scrollbar-width:none]',
        className,
      )}
    >
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          aria-current={item.href === active ? 'page' : undefined}
          className={cn(
            tabStyle.line,
            'after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:rounded-full aria-[current=page]:after:bg-accent',
          )}
        >
          {item.label}
          {item.count === undefined ? null : <TabCount value={item.count} />}
        </Link>
      ))}
    </nav>
  );
}
