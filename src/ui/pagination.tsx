'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { cn } from './class-name.ts';
import { IconButton } from './icon-button.tsx';
import { Select } from './select.tsx';

export interface PaginationProps {
  total: number;
  limit: number;
  offset: number;
  onChange: (next: { limit: number; offset: number }) => void;
  /** Choices of page size. */
  limits?: readonly number[] | undefined;
  className?: string | undefined;
}

/** Moves through a list by limit and offset. */
export function Pagination({
  total,
  limit,
  offset,
  onChange,
  limits = [25, 50, 100],
  className,
}: PaginationProps) {
  const first = total === 0 ? 0 : offset + 1;
  const last = Math.min(total, offset + limit);
  const sizes = limits.includes(limit) ? limits : [...limits, limit].sort((a, b) => a - b);
  const lastPageOffset = Math.max(0, Math.ceil(total / limit) - 1) * limit;
  return (
    <nav
      aria-label="Pages"
      className={cn(
        'flex flex-wrap items-center justify-between gap-3 px-1 pt-3 text-xs text-subtle',
        className,
      )}
    >
      <span className="flex items-center gap-2">
        <Select
          ariaLabel="Rows per page"
          size="sm"
          className="w-auto"
          value={String(limit)}
          onValueChange={(value) => onChange({ limit: Number(value), offset: 0 })}
          items={sizes.map((size) => ({ value: String(size), label: `${size} per page` }))}
        />
      </span>
      <span className="flex items-center gap-1">
        <span role="status" className="mr-2 tabular-nums">
          {first.toLocaleString('en')}–{last.toLocaleString('en')} of {total.toLocaleString('en')}
        </span>
        <IconButton
          label="Previous page"
          icon={<ChevronLeft />}
          size="sm"
          variant="secondary"
          disabled={offset === 0}
          onClick={() => onChange({ limit, offset: Math.max(0, offset - limit) })}
        />
        <IconButton
          label="Next page"
          icon={<ChevronRight />}
          size="sm"
          variant="secondary"
          disabled={offset + limit >= total}
          onClick={() => onChange({ limit, offset: Math.min(lastPageOffset, offset + limit) })}
        />
      </span>
    </nav>
  );
}
