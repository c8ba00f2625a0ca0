'use client';

import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Input } from '#ui/input.tsx';
import { CodeMirror } from './code-mirror.tsx';
import type { Suggestion } from './suggestion.ts';

interface KeyValueListProps {
  label: string;
  value: Readonly<Record<string, unknown>>;
  onChange: (value: Record<string, unknown>) => void;
  suggestions: () => readonly Suggestion[];
}

interface Row {
  readonly key: string;
  readonly value: unknown;
}

const rowsOf = (value: Readonly<Record<string, unknown>>): Row[] =>
  Object.entries(value).map(([key, one]) => ({ key, value: one }));

const recordOf = (rows: readonly Row[]): Record<string, unknown> =>
  Object.fromEntries(rows.filter((row) => row.key !== '').map((row) => [row.key, row.value]));

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/**
 * Names and values of an object. Rows without a name, or with one that is taken, live here only: the config holds
 * an object and cannot.
 */
export function KeyValueList({ label, value, onChange, suggestions }: KeyValueListProps) {
  const [rows, setRows] = useState(() => rowsOf(value));
  // The config changed from outside (undo, another person): what is shown follows.
  const shown = JSON.stringify(recordOf(rows)) === JSON.stringify(value) ? rows : rowsOf(value);
  const put = (next: Row[]): void => {
    setRows(next);
    onChange(recordOf(next));
  };
  const edit = (at: number, part: Partial<Row>): void =>
    put(shown.map((row, index) => (index === at ? { ...row, ...part } : row)));
  return (
    <div role="group" aria-label={label} className="flex flex-col gap-1.5">
      {shown.map((row, at) => {
        const doubled = row.key !== '' && shown.some((other, index) => index < at && other.key === row.key);
        return (
          // Rows have no identity but their place; a row's inputs are controlled, so nothing is lost on removal.
          <div key={at} className="flex items-start gap-1.5">
            <Input
              value={row.key}
              onValueChange={(key) => edit(at, { key })}
              aria-label={`${label} name ${at + 1}`}
              aria-invalid={doubled || undefined}
              title={doubled ? 'This name is used above; only the last one counts.' : undefined}
              placeholder="name"
              mono
              className="w-2/5 shrink-0"
            />
            <div className="min-w-0 flex-1">
              <CodeMirror
                value={textOf(row.value)}
                onChange={(text) => edit(at, { value: text })}
                label={`${label} value ${at + 1}`}
                mode="template"
                singleLine
                placeholder="value"
                suggestions={suggestions}
              />
            </div>
            <IconButton
              label={`Remove ${row.key || 'row'}`}
              icon={<X />}
              size="sm"
              className="mt-0.5"
              onClick={() => put(shown.filter((_, index) => index !== at))}
            />
          </div>
        );
      })}
      <Button
        size="sm"
        variant="ghost"
        icon={<Plus />}
        className="self-start"
        onClick={() => setRows([...shown, { key: '', value: '' }])}
      >
        Add {label.toLowerCase().replace(/s$/, '')}
      </Button>
    </div>
  );
}
