import type { ReactNode } from 'react';
import { cn } from './class-name.ts';

export interface DefinitionListProps {
  items: readonly { label: string; value: ReactNode }[];
  columns?: 1 | 2 | 3 | undefined;
  className?: string | undefined;
}

const grids = { 1: '', 2: 'sm:grid-cols-2', 3: 'sm:grid-cols-2 lg:grid-cols-3' } as const;

/** Facts about one thing. In one column the labels stand at the left, otherwise above. */
export function DefinitionList({ items, columns = 1, className }: DefinitionListProps) {
  return (
    <dl className={cn('grid min-w-0 gap-x-6 gap-y-3 text-sm', grids[columns], className)}>
      {items.map((item) => (
        <div
          key={item.label}
          className={cn(
            'min-w-0',
            columns === 1 ? 'grid grid-cols-[minmax(6rem,10rem)_1fr] gap-3' : 'flex flex-col gap-0.5',
          )}
        >
          <dt className={cn('text-subtle', columns !== 1 && 'text-xs')}>{item.label}</dt>
          <dd className="min-w-0 break-words">{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
