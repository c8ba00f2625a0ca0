'use client';

import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import type { ConfigFieldProps } from './field-props.ts';
import { type FieldSpec, isShown, withField } from './field-spec.ts';

type Row = Readonly<Record<string, unknown>>;

interface RowListProps
  extends Pick<ConfigFieldProps, 'field' | 'value' | 'errors' | 'suggestions' | 'onChange'> {
  /** The control of one part of a row. */
  readonly renderPart: (props: ConfigFieldProps) => ReactNode;
}

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A list of small forms, one below the other, in an order that can be changed. */
export function RowList({ field, value, errors, suggestions, onChange, renderPart }: RowListProps) {
  const rows = (Array.isArray(value) ? value : []).map((row: unknown): Row => (isRow(row) ? row : {}));
  const edit = (at: number, part: FieldSpec, next: unknown): void =>
    onChange(rows.map((row, index) => (index === at ? withField(row, part, next) : row)));
  const swap = (a: number, b: number): void => {
    const [one, other] = [rows[a], rows[b]];
    if (!one || !other) return;
    onChange(rows.map((row, index) => (index === a ? other : index === b ? one : row)));
  };
  const fresh: Row = Object.fromEntries(
    field.rows.flatMap((part) => (part.initial === undefined ? [] : [[part.name, part.initial]])),
  );
  return (
    <div role="group" aria-label={field.title} className="flex flex-col gap-2">
      {rows.map((row, at) => (
        // Rows have no identity but their place; their controls hold no state of their own.
        <div key={at} className="flex gap-1 rounded-lg border border-border bg-sunken p-2">
          <div className="grid min-w-0 flex-1 grid-cols-2 gap-2">
            {field.rows
              .filter((part) => isShown(part, row))
              .map((part) => (
                <div
                  key={part.name}
                  className={isWide(part, field.rows.length) ? 'col-span-2 min-w-0' : 'min-w-0'}
                >
                  {renderPart({
                    field: { ...part, description: '' },
                    value: row[part.name] ?? part.initial,
                    error: errors.get(`${field.name}.${at}.${part.name}`),
                    errors,
                    siblings: row,
                    suggestions,
                    onChange: (next) => edit(at, part, next),
                  })}
                </div>
              ))}
          </div>
          <div className="flex flex-col">
            <IconButton
              label={`Move row ${at + 1} up`}
              icon={<ArrowUp />}
              size="sm"
              disabled={at === 0}
              onClick={() => swap(at, at - 1)}
            />
            <IconButton
              label={`Move row ${at + 1} down`}
              icon={<ArrowDown />}
              size="sm"
              disabled={at === rows.length - 1}
              onClick={() => swap(at, at + 1)}
            />
            <IconButton
              label={`Remove row ${at + 1}`}
              icon={<X />}
              size="sm"
              onClick={() => onChange(rows.filter((_, index) => index !== at))}
            />
          </div>
        </div>
      ))}
      <Button size="sm" icon={<Plus />} className="self-start" onClick={() => onChange([...rows, fresh])}>
        Add row
      </Button>
    </div>
  );
}

const NARROW: readonly string[] = ['select', 'number', 'switch'];

/** Texts need the whole width, short choices share a line. */
const isWide = (part: FieldSpec, count: number): boolean => count > 2 && !NARROW.includes(part.control);
