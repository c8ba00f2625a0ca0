'use client';

import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { cn } from './class-name.ts';
import { JsonCut } from './json-cut.tsx';
import { type CutValue, cutOf, type ReadPart } from './json-part.ts';
import { JsonRowActions } from './json-row-action.tsx';
import {
  childPath,
  entriesOf,
  entryCount,
  formatSize,
  isLongerThan,
  type JsonKind,
  kindOf,
  largeValue,
} from './json-value.ts';

const pageSize = 100;
const previewLength = 240;

const colors: Record<JsonKind, string> = {
  object: 'text-subtle',
  array: 'text-subtle',
  string: 'text-code-string',
  number: 'text-code-number',
  boolean: 'text-code-literal',
  null: 'text-code-literal',
  other: 'text-subtle',
};

export interface JsonViewProps {
  value: unknown;
  /** What copied paths start with. */
  rootPath?: string | undefined;
  /** Levels that start unfolded. */
  openDepth?: number | undefined;
  /** Names the tree for screen readers. */
  label?: string | undefined;
  /** CSS length; beyond it the tree scrolls. */
  maxHeight?: string | undefined;
  className?: string | undefined;
  /** Fetches what was too large to be sent. */
  read?: ReadPart | undefined;
}

/**
 * A JSON value as a tree of text. Shows 100 entries at a time, folds values over 10 KB, and never
 * renders anything in the data as markup.
 */
export function JsonView(props: JsonViewProps) {
  const { value, rootPath = '$', openDepth = 2, label = 'JSON', maxHeight, className, read } = props;
  const isTree = entryCount(value) > 0;
  const cut = cutOf(value);
  return (
    // A scrolling region needs keyboard focus to scroll.
    <section
      aria-label={label}
      tabIndex={0}
      className={cn(
        'overflow-auto rounded-md font-mono text-xs leading-6 focus-visible:-outline-offset-2',
        className,
      )}
      style={maxHeight === undefined ? undefined : { maxHeight }}
    >
      {cut && read ? (
        <Cut cut={cut} path={rootPath} at="" depth={0} openDepth={openDepth} read={read} />
      ) : isTree ? (
        <Entries value={value} path={rootPath} depth={0} openDepth={openDepth} />
      ) : (
        <Leaf value={value} path={rootPath} />
      )}
    </section>
  );
}

interface NodeProps {
  value: unknown;
  path: string;
  depth: number;
  openDepth: number;
}

interface CutProps extends Omit<NodeProps, 'value'> {
  name?: ReactNode;
  cut: CutValue;
  /** The place in the whole value, as `read` takes it. */
  at: string;
  read: ReadPart;
}

/** Parts of what was too large; what is too large in them is fetched in its turn. */
function Cut({ name, cut, path, at, depth, openDepth, read }: CutProps) {
  const entry = (key: string | number, value: unknown): ReactNode => {
    const inner = cutOf(value);
    const place = { path: childPath(path, key), depth: depth + 1, openDepth };
    if (!inner) return <Node name={key} value={value} {...place} />;
    const below = at === '' ? String(key) : `${at}.${key}`;
    return <Cut name={<Key name={key} />} cut={inner} at={below} read={read} {...place} />;
  };
  return <JsonCut name={name} cut={cut} at={at} read={read} renderEntry={entry} />;
}

function Key({ name }: { name: string | number }) {
  return <span className={typeof name === 'number' ? 'text-subtle' : 'text-code-key'}>{name}</span>;
}

function Entries({ value, path, depth, openDepth }: NodeProps) {
  const [limit, setLimit] = useState(pageSize);
  const total = entryCount(value);
  const hidden = total - limit;
  return (
    <ul className={cn('min-w-40', depth > 0 && 'ml-[0.4375rem] border-l pl-2')}>
      {entriesOf(value, limit).map(([key, child]) => (
        <li key={key}>
          <Node name={key} value={child} path={childPath(path, key)} depth={depth} openDepth={openDepth} />
        </li>
      ))}
      {hidden > 0 ? (
        <li className="py-0.5 pl-4">
          <button
            type="button"
            onClick={() => setLimit(limit + pageSize)}
            className="touch-target rounded-sm px-1 font-sans text-xs font-medium text-link hover:underline"
          >
            Load {Math.min(pageSize, hidden)} more
          </button>
          <span className="ml-1 font-sans text-subtle">{hidden.toLocaleString('en')} hidden</span>
        </li>
      ) : null}
    </ul>
  );
}

function Node({ name, value, path, depth, openDepth }: NodeProps & { name: string | number }) {
  const branch = entryCount(value) > 0;
  const [open, setOpen] = useState(() => branch && depth + 1 < openDepth && !isLongerThan(value, largeValue));
  const key = <Key name={name} />;
  if (!branch) return <Leaf name={key} value={value} path={path} />;
  return (
    <>
      <div className="group/json relative flex items-start rounded-sm pr-1 hover:bg-hover">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex min-h-6 min-w-0 items-center gap-0.5 rounded-sm text-left focus-visible:-outline-offset-2 pointer-coarse:min-h-11"
        >
          <ChevronRight
            className={cn('size-3.5 shrink-0 text-subtle transition-transform', open && 'rotate-90')}
            aria-hidden
          />
          {key}
          <span className="ml-1.5 whitespace-nowrap text-subtle">{summary(value)}</span>
        </button>
        <JsonRowActions path={path} value={value} />
      </div>
      {open ? <Entries value={value} path={path} depth={depth + 1} openDepth={openDepth} /> : null}
    </>
  );
}

function summary(value: unknown): string {
  const count = entryCount(value).toLocaleString('en');
  return Array.isArray(value) ? `[${count}]` : `{${count}}`;
}

function Leaf({ name, value, path }: { name?: ReactNode; value: unknown; path: string }) {
  const kind = kindOf(value);
  return (
    <div className="group/json relative flex items-start rounded-sm pr-1 pl-4 hover:bg-hover pointer-coarse:min-h-11 pointer-coarse:items-center">
      <div className="min-w-0">
        {name ? (
          <>
            {name}
            <span className="text-subtle">: </span>
          </>
        ) : null}
        <span className={cn('whitespace-pre-wrap break-words', colors[kind])}>
          {typeof value === 'string' ? <StringValue text={value} /> : scalarText(value, kind)}
        </span>
      </div>
      <JsonRowActions path={path} value={value} />
    </div>
  );
}

function scalarText(value: unknown, kind: JsonKind): string {
  if (kind === 'array') return '[]';
  if (kind === 'object') return '{}';
  return String(value);
}

function StringValue({ text }: { text: string }) {
  const [whole, setWhole] = useState(text.length <= largeValue);
  const long = text.length > largeValue;
  return (
    <>
      "{whole ? text : `${text.slice(0, previewLength)}…`}"
      {long ? (
        <button
          type="button"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
          className="touch-target ml-1.5 rounded-sm px-1 font-sans text-xs font-medium text-link hover:underline"
        >
          {whole ? 'Show less' : `Show all ${formatSize(text.length)}`}
        </button>
      ) : null}
    </>
  );
}
