import type { ReactNode } from 'react';
import { cn } from './class-name.ts';

export interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  description?: ReactNode;
  /** Buttons; the first is the main one. */
  actions?: ReactNode;
  compact?: boolean | undefined;
  className?: string | undefined;
  children?: ReactNode;
}

/** Stands where content will be, and offers the way to the first of it. */
export function EmptyState({
  icon,
  title,
  description,
  actions,
  compact = false,
  className,
  children,
}: EmptyStateProps) {
  return (
    <div
      className={cn(
        'flex flex-col items-center justify-center text-center',
        compact ? 'px-4 py-8' : 'rounded-lg border border-dashed border-strong px-6 py-16',
        className,
      )}
    >
      {icon ? (
        <span
          aria-hidden
          className="mb-4 flex size-10 items-center justify-center rounded-lg border bg-surface text-subtle shadow-control [&_svg]:size-5"
        >
          {icon}
        </span>
      ) : null}
      <p className="text-base font-medium">{title}</p>
      {description ? <p className="mt-1 max-w-100 text-sm text-pretty text-muted">{description}</p> : null}
      {actions ? (
        <div className="mt-5 flex flex-wrap items-center justify-center gap-2">{actions}</div>
      ) : null}
      {children ? <div className="mt-6 w-full">{children}</div> : null}
    </div>
  );
}
