'use client';

import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { cn } from '#ui/class-name.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import type { Point } from '../document/geometry.ts';
import { rankOf } from './node-type-list.ts';

export interface PickerItem {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly icon?: string;
  readonly group: string;
  /** Found by these words as well. */
  readonly keywords?: string;
}

interface PickerProps {
  at: Point;
  label: string;
  placeholder: string;
  items: readonly PickerItem[];
  emptyText: string;
  onPick: (id: string) => void;
  onClose: () => void;
}

const WIDTH = 300;
const HEIGHT = 360;

/** A small list at a place of the screen: type to narrow it, arrows to move, Enter to choose, Esc to give up. */
export function Picker(props: PickerProps) {
  const { at, items, onPick, onClose } = props;
  const [search, setSearch] = useState('');
  const [cursor, setCursor] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = useMemo(() => filtered(items, search), [items, search]);
  const current = found[Math.min(cursor, found.length - 1)];
  useOutside(box, onClose);
  useLayoutEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  const onKeyDown = (event: React.KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      onClose();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (current) onPick(current.id);
    } else {
      const next = moved(event.key, Math.min(cursor, found.length - 1), found.length);
      if (next === null) return;
      event.preventDefault();
      setCursor(next);
    }
  };
  const left = Math.max(8, Math.min(at.x, window.innerWidth - WIDTH - 8));
  const top = Math.max(8, Math.min(at.y - 20, window.innerHeight - HEIGHT - 8));
  return createPortal(
    <div
      ref={box}
      role="dialog"
      aria-label={props.label}
      data-keys="own"
      className="popup fixed z-40 flex flex-col overflow-hidden"
      style={{ left, top, width: Math.min(WIDTH, window.innerWidth - 16), maxHeight: HEIGHT }}
      onKeyDown={onKeyDown}
    >
      <input
        // The picker answers a gesture that asked for it, so focus belongs here.
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={current ? `${id}-${current.id}` : undefined}
        aria-label={props.placeholder}
        placeholder={props.placeholder}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setCursor(0);
        }}
        className="h-10 shrink-0 border-b bg-transparent px-3 outline-none"
      />
      <div id={`${id}-list`} role="listbox" aria-label={props.label} className="min-h-0 overflow-y-auto p-1">
        {found.length === 0 ? <p className="px-2 py-6 text-center text-subtle">{props.emptyText}</p> : null}
        {found.map((item, index) => (
          <Option
            key={item.id}
            item={item}
            id={`${id}-${item.id}`}
            heading={found[index - 1]?.group !== item.group}
            selected={item === current}
            onPick={onPick}
            onHover={() => setCursor(index)}
          />
        ))}
      </div>
    </div>,
    window.document.body,
  );
}

interface OptionProps {
  item: PickerItem;
  id: string;
  heading: boolean;
  selected: boolean;
  onPick: (id: string) => void;
  onHover: () => void;
}

function Option({ item, id, heading, selected, onPick, onHover }: OptionProps) {
  return (
    <>
      {heading ? (
        <div role="presentation" className="px-2 pt-2 pb-1 text-2xs font-medium text-subtle">
          {item.group}
        </div>
      ) : null}
      <div
        role="option"
        id={id}
        aria-selected={selected}
        onPointerMove={onHover}
        onClick={() => onPick(item.id)}
        className={cn(
          'flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 pointer-coarse:min-h-11',
          selected && 'bg-hover',
        )}
      >
        {item.icon ? <NodeIcon name={item.icon} className="size-4 shrink-0 text-muted" /> : null}
        <span className="min-w-0">
          <span className="block truncate font-medium">{item.label}</span>
          {item.description ? (
            <span className="block truncate text-xs text-subtle">{item.description}</span>
          ) : null}
        </span>
      </div>
    </>
  );
}

function filtered(items: readonly PickerItem[], search: string): PickerItem[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = items.filter((item) => {
    const text = `${item.label} ${item.description ?? ''} ${item.keywords ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (words.length === 0) return found;
  // Within a group the better title comes first; groups keep their order.
  const groups = [...new Set(items.map((item) => item.group))];
  return found.sort(
    (a, b) =>
      groups.indexOf(a.group) - groups.indexOf(b.group) || rankOf(a.label, search) - rankOf(b.label, search),
  );
}

function moved(key: string, from: number, count: number): number | null {
  if (count === 0) return null;
  if (key === 'ArrowDown') return (from + 1) % count;
  if (key === 'ArrowUp') return (from - 1 + count) % count;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}

function useOutside(box: { current: HTMLElement | null }, onClose: () => void): void {
  useEffect(() => {
    const onDown = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) onClose();
    };
    window.addEventListener('pointerdown', onDown, true);
    return () => window.removeEventListener('pointerdown', onDown, true);
  }, [box, onClose]);
}
