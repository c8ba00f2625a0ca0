'use client';

import { useEffect, useRef } from 'react';
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
  const nav = useRef<HTMLElement>(null);
  const count = items.length;
  useEffect(() => {
    // On a phone the row is longer than the screen; the page must not scroll for it.
    const [row, tab] = [nav.current, nav.current?.querySelector<HTMLElement>('[aria-current=page]')];
    if (count > 0 && row && tab) row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }, [active, count]);
  return (
    <nav
      ref={nav}
      aria-label={ariaLabel}
      className={cn(
        'relative flex items-center gap-5 overflow-x-auto border-b px-0.5 [scrollbar-width:none]',
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
