import { cn } from './class-name.ts';

/** A grey block in the shape of what is loading. Put `aria-busy` on the region it stands in. */
export function Skeleton({ className }: { className?: string | undefined }) {
  return (
    <span
      aria-hidden
      className={cn('block h-4 rounded-sm bg-active motion-safe:animate-shimmer', className)}
    />
  );
}

const lineWidths = ['w-full', 'w-11/12', 'w-4/5', 'w-3/5'] as const;

/** Lines of text that are loading. */
export function SkeletonText({
  lines = 3,
  className,
}: {
  lines?: number | undefined;
  className?: string | undefined;
}) {
  return (
    <span className={cn('flex flex-col gap-2', className)}>
      {Array.from({ length: lines }, (_, index) => (
        // Placeholders never move.
        <Skeleton key={`line-${index}`} className={cn('h-3.5', lineWidths[index % lineWidths.length])} />
      ))}
    </span>
  );
}

const cellWidths = ['w-40', 'w-20', 'w-28', 'w-16', 'w-24'] as const;

export interface SkeletonTableProps {
  rows?: number | undefined;
  columns?: number | undefined;
  density?: 'comfortable' | 'compact' | undefined;
  className?: string | undefined;
}

/** A table that is loading; same height as the real one, so nothing jumps. */
export function SkeletonTable({
  rows = 8,
  columns = 4,
  density = 'comfortable',
  className,
}: SkeletonTableProps) {
  return (
    <div role="status" className={cn('overflow-hidden rounded-lg border bg-surface', className)}>
      <span className="sr-only">Loading</span>
      <div className="h-9 border-b" />
      {Array.from({ length: rows }, (_, row) => (
        <div
          key={`row-${row}`}
          className={cn(
            'flex items-center justify-between gap-6 border-b px-4 last:border-b-0',
            density === 'compact' ? 'h-8' : 'h-10',
          )}
        >
          {Array.from({ length: columns }, (_cell, column) => (
            <Skeleton
              key={`cell-${column}`}
              className={cn(
                'h-3.5',
                cellWidths[(row * 2 + column) % cellWidths.length],
                column > 1 && 'max-sm:hidden',
              )}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
