'use client';

import { Ellipsis } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { cn } from './class-name.ts';
import { Dialog } from './dialog.tsx';
import { Link } from './link.tsx';
import { Tooltip } from './tooltip.tsx';

export interface RailItem {
  href: string;
  label: string;
  icon: ReactNode;
  active?: boolean | undefined;
  /** Something waits there: a count, or a dot when true. */
  badge?: number | true | undefined;
}

export interface AppRailProps {
  /** The mark at the top. */
  brand: ReactNode;
  items: readonly RailItem[];
  /** Items at the bottom of the rail. */
  footerItems?: readonly RailItem[] | undefined;
  /** Below those, such as the account menu. */
  footer?: ReactNode;
  /** How many items fit the phone's bar beside "More". */
  mobileCount?: number | undefined;
  label?: string | undefined;
}

/** The application's navigation: a 56 px rail of icons, or a bar at the bottom of a phone. */
export function AppRail(props: AppRailProps) {
  const { brand, items, footerItems = [], footer, mobileCount = 4, label = 'Main' } = props;
  return (
    <>
      <nav
        aria-label={label}
        className="sticky top-0 z-20 hidden h-dvh w-14 shrink-0 flex-col items-center border-r bg-surface py-2 sm:flex"
      >
        <div className="mb-2 flex size-10 shrink-0 items-center justify-center">{brand}</div>
        <div className="flex min-h-0 w-full flex-1 flex-col items-center gap-1 overflow-y-auto py-1 [scrollbar-width:none]">
          {items.map((item) => (
            <RailLink key={item.href} item={item} />
          ))}
        </div>
        <div className="flex shrink-0 flex-col items-center gap-1 pt-2">
          {footerItems.map((item) => (
            <RailLink key={item.href} item={item} />
          ))}
          {footer}
        </div>
      </nav>
      <BottomBar items={items} footerItems={footerItems} footer={footer} count={mobileCount} label={label} />
    </>
  );
}

function RailLink({ item }: { item: RailItem }) {
  return (
    <Tooltip content={item.label} side="right">
      <Link
        href={item.href}
        aria-label={accessibleName(item)}
        aria-current={item.active ? 'page' : undefined}
        className={cn(
          'relative flex size-10 shrink-0 items-center justify-center rounded-md text-subtle transition-colors hover:bg-hover hover:text-text [&_svg]:size-4.5 pointer-coarse:size-11',
          item.active && 'bg-selected text-accent-text hover:bg-selected hover:text-accent-text',
        )}
      >
        {item.icon}
        <RailBadge badge={item.badge} />
      </Link>
    </Tooltip>
  );
}

function accessibleName({ label, badge }: RailItem): string {
  if (badge === undefined || badge === 0) return label;
  return badge === true ? `${label}, new` : `${label}, ${badge}`;
}

function RailBadge({ badge }: { badge: RailItem['badge'] }) {
  if (badge === undefined || badge === 0) return null;
  if (badge === true) {
    return (
      <span
        aria-hidden
        className="absolute top-2 right-2 size-2 rounded-full border-2 border-surface bg-accent"
      />
    );
  }
  return (
    <span
      aria-hidden
      className="absolute top-0.5 right-0.5 min-w-4 rounded-full border-2 border-surface bg-danger px-1 text-center text-[9px] font-semibold leading-3 text-on-danger"
    >
      {badge > 99 ? '99+' : badge}
    </span>
  );
}

interface BottomBarProps {
  items: readonly RailItem[];
  footerItems: readonly RailItem[];
  footer: ReactNode;
  count: number;
  label: string;
}

function BottomBar({ items, footerItems, footer, count, label }: BottomBarProps) {
  const [open, setOpen] = useState(false);
  const all = [...items, ...footerItems];
  const shown = all.length <= count + 1 ? all : all.slice(0, count);
  const rest = all.slice(shown.length);
  return (
    <nav
      aria-label={label}
      className="fixed inset-x-0 bottom-0 z-20 flex h-14 items-stretch border-t bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {shown.map((item) => (
        <BarLink key={item.href} item={item} />
      ))}
      {rest.length > 0 || footer ? (
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={() => setOpen(true)}
          className={cn(barItem, rest.some((item) => item.active) && 'text-accent-text')}
        >
          <Ellipsis />
          More
        </button>
      ) : null}
      <Dialog open={open} onOpenChange={setOpen} title="More" size="sm">
        <div className="-mx-2 grid grid-cols-1 gap-0.5">
          {rest.map((item) => (
            <Link
              key={item.href}
              href={item.href}
              aria-current={item.active ? 'page' : undefined}
              onClick={() => setOpen(false)}
              className={cn(
                'flex h-11 items-center gap-3 rounded-md px-2 text-base hover:bg-hover [&_svg]:size-4.5',
                item.active ? 'bg-selected text-accent-text' : 'text-text',
              )}
            >
              <span className="flex text-subtle">{item.icon}</span>
              {item.label}
            </Link>
          ))}
        </div>
        {footer ? (
          <div className="mt-3 flex items-center justify-end gap-2 border-t pt-3">{footer}</div>
        ) : null}
      </Dialog>
    </nav>
  );
}

const barItem =
  'relative flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-2xs font-medium text-subtle focus-visible:-outline-offset-2 [&_svg]:size-5';

function BarLink({ item }: { item: RailItem }) {
  return (
    <Link
      href={item.href}
      aria-current={item.active ? 'page' : undefined}
      className={cn(barItem, item.active && 'text-accent-text')}
    >
      <span className="relative flex">
        {item.icon}
        {item.badge ? (
          <span aria-hidden className="absolute -top-1 -right-1.5 size-2 rounded-full bg-danger" />
        ) : null}
      </span>
      <span className="max-w-full truncate px-1">{item.label}</span>
    </Link>
  );
}

/** The frame of every signed-in page: navigation beside the content, with a link past it for keyboards. */
export function AppShell({ rail, children }: { rail: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-dvh">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-raised px-3 py-2 text-sm font-medium text-link shadow-raised focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to content
      </a>
      {rail}
      <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none max-sm:pb-14">
        {children}
      </main>
    </div>
  );
}
