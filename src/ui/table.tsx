'use client';

import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { type ComponentProps, createContext, type MouseEvent, type ReactNode, useContext } from 'react';
import { Checkbox } from './checkbox.tsx';
import { cn } from './class-name.ts';

export type TableDensity = 'comfortable' | 'compact';

const DensityContext = createContext<TableDensity>('comfortable');
const rowHeight = { comfortable: 'h-10', compact: 'h-8' } as const;
const alignment = { left: 'text-left', right: 'text-right', center: 'text-center' } as const;
type Align = keyof typeof alignment;

export interface TableProps {
  /** What the rows are; read by screen readers. */
  label: string;
  density?: TableDensity | undefined;
  /** CSS length. With it the table scrolls inside itself; without it the header sticks to the page. */
  maxHeight?: string | undefined;
  className?: string | undefined;
  children: ReactNode;
}

/** A bordered table with a sticky head: 40 px rows, or 32 px when compact. Scrolls sideways on a phone. */
export function Table({ label, density = 'comfortable', maxHeight, className, children }: TableProps) {
  return (
    <DensityContext value={density}>
      <div
        className={cn(
          'relative w-full rounded-lg border bg-surface',
          maxHeight === undefined ? 'overflow-x-auto lg:overflow-clip' : 'overflow-auto',
          className,
        )}
        style={maxHeight === undefined ? undefined : { maxHeight }}
      >
        <table aria-label={label} className="w-full border-separate border-spacing-0 text-sm">
          {children}
        </table>
      </div>
    </DensityContext>
  );
}

/** The head; stays in view while the rows scroll. */
export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead className="sticky top-0 z-2 bg-surface">
      <tr>{children}</tr>
    </thead>
  );
}

/** The rows. */
export function TableBody(props: ComponentProps<'tbody'>) {
  return <tbody {...props} />;
}

export type TableRowProps = ComponentProps<'tr'> & {
  selected?: boolean | undefined;
  /** A click anywhere on the row. Also put a `Link` or button in the first cell: rows take no keyboard focus. */
  onActivate?: (() => void) | undefined;
};

/** One row. */
export function TableRow({ selected = false, onActivate, className, ...rest }: TableRowProps) {
  const onClick = (event: MouseEvent<HTMLTableRowElement>) => {
    const inner = (event.target as HTMLElement).closest(
      'a,button,input,label,[role="checkbox"],[role="menuitem"]',
    );
    const selecting = (window.getSelection()?.toString() ?? '') !== '';
    if (inner === null && !selecting) onActivate?.();
  };
  return (
    <tr
      data-selected={selected || undefined}
      onClick={onActivate ? onClick : undefined}
      className={cn(
        'group/row transition-colors hover:bg-hover data-selected:bg-selected [&:last-child>td]:border-b-0',
        onActivate && 'cursor-pointer',
        className,
      )}
      {...rest}
    />
  );
}

export interface TableHeaderCellProps {
  children?: ReactNode;
  align?: Align | undefined;
  /** CSS length. */
  width?: string | undefined;
  /** Current order; with `onSort` the header is a button. */
  sort?: 'asc' | 'desc' | 'none' | undefined;
  onSort?: (() => void) | undefined;
  hideLabel?: boolean | undefined;
  className?: string | undefined;
}

const ariaSort = { asc: 'ascending', desc: 'descending', none: 'none' } as const;
const sortIcons = { asc: ArrowUp, desc: ArrowDown, none: ChevronsUpDown } as const;

/** The name of a column. */
export function TableHeaderCell(props: TableHeaderCellProps) {
  const { align = 'left', sort = 'none', onSort, width, children } = props;
  const SortIcon = sortIcons[sort];
  return (
    <th
      scope="col"
      aria-sort={onSort ? ariaSort[sort] : undefined}
      style={width === undefined ? undefined : { width }}
      className={cn(
        'h-9 whitespace-nowrap border-b px-3 text-xs font-medium text-subtle first:pl-4 last:pr-4',
        alignment[align],
        props.className,
      )}
    >
      {onSort ? (
        <button
          type="button"
          onClick={onSort}
          className={cn(
            'touch-target -mx-1.5 inline-flex h-6 items-center gap-1 rounded-sm px-1.5 hover:bg-hover hover:text-text',
            sort !== 'none' && 'text-text',
          )}
        >
          {children}
          <SortIcon className={cn('size-3', sort === 'none' && 'opacity-50')} aria-hidden />
        </button>
      ) : (
        <span className={cn(props.hideLabel && 'sr-only')}>{children}</span>
      )}
    </th>
  );
}

export type TableCellProps = Omit<ComponentProps<'td'>, 'align'> & {
  align?: Align | undefined;
  mono?: boolean | undefined;
  muted?: boolean | undefined;
  /** Cuts long text with an ellipsis; give the column a width. */
  truncate?: boolean | undefined;
};

/** One value. */
export function TableCell({ align = 'left', mono, muted, truncate, className, ...rest }: TableCellProps) {
  const density = useContext(DensityContext);
  return (
    <td
      className={cn(
        'border-b px-3 first:pl-4 last:pr-4',
        rowHeight[density],
        alignment[align],
        align === 'right' && 'tabular-nums',
        mono && 'font-mono text-xs',
        muted && 'text-muted',
        truncate && 'max-w-0 truncate',
        className,
      )}
      {...rest}
    />
  );
}

export interface TableSelectCellProps {
  checked: boolean;
  indeterminate?: boolean | undefined;
  onCheckedChange: (checked: boolean) => void;
  label: string;
  /** True in the head. */
  header?: boolean | undefined;
}

/** The tick box that starts a row or the head. */
export function TableSelectCell({ header = false, label, ...box }: TableSelectCellProps) {
  const density = useContext(DensityContext);
  const Cell = header ? 'th' : 'td';
  return (
    <Cell className={cn('w-10 border-b pr-1 pl-4 text-left', header ? 'h-9' : rowHeight[density])}>
      <span className="flex items-center">
        <Checkbox ariaLabel={label} {...box} />
      </span>
    </Cell>
  );
}
