'use client';

import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './class-name.ts';
import { Link } from './link.tsx';

const widths = { full: '', wide: 'mx-auto max-w-300', narrow: 'mx-auto max-w-180' } as const;

/** The padding and width of a page. */
export function Page({
  width = 'wide',
  className,
  children,
}: {
  width?: keyof typeof widths | undefined;
  className?: string | undefined;
  children: ReactNode;
}) {
  return <div className={cn('w-full px-4 py-5 sm:px-8 sm:py-8', widths[width], className)}>{children}</div>;
}

export interface PageHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  breadcrumbs?: readonly { label: string; href?: string | undefined }[] | undefined;
  /** Buttons; the last is the main one. */
  actions?: ReactNode;
  /** Badges beside the title. */
  meta?: ReactNode;
  /** Below the title, such as `TabLinks`. */
  children?: ReactNode;
  className?: string | undefined;
}

/** The title of a page, where it belongs, and what can be done on it. */
export function PageHeader({
  title,
  description,
  breadcrumbs,
  actions,
  meta,
  children,
  className,
}: PageHeaderProps) {
  return (
    <header className={cn('mb-6 flex flex-col gap-4', className)}>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          {breadcrumbs && breadcrumbs.length > 0 ? <Breadcrumbs items={breadcrumbs} /> : null}
          <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="min-w-0 break-words text-xl font-semibold">{title}</h1>
            {meta}
          </div>
          {description ? (
            <p className="mt-0.5 max-w-160 text-sm text-pretty text-muted">{description}</p>
          ) : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </div>
      {children}
    </header>
  );
}

/** The way from the top to this page; the last part is the page itself. */
export function Breadcrumbs({ items }: { items: readonly { label: string; href?: string | undefined }[] }) {
  return (
    <nav aria-label="Breadcrumb" className="mb-1">
      <ol className="flex flex-wrap items-center gap-1 text-xs text-subtle">
        {items.map((item, index) => (
          <li key={`${index}:${item.label}`} className="flex min-w-0 items-center gap-1">
            {index > 0 ? <ChevronRight className="size-3 shrink-0" aria-hidden /> : null}
            {item.href === undefined ? (
              <span className="truncate">{item.label}</span>
            ) : (
              <Link href={item.href} className="touch-target truncate rounded-sm hover:text-text">
                {item.label}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
