'use client';

import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useId,
  useRef,
  useSyncExternalStore,
} from 'react';
import { cn } from './class-name.ts';

export interface ResizablePanelProps {
  /** The edge of the screen the panel sits at; the handle is on the opposite edge of the panel. */
  side: 'left' | 'right' | 'bottom';
  /** Pixels. */
  defaultSize: number;
  minSize: number;
  maxSize: number;
  /** Where the browser remembers the size. */
  storageKey: string;
  /** Names the handle. */
  label: string;
  className?: string | undefined;
  children: ReactNode;
}

const keyStep = 16;

/** A panel whose size can be dragged, or changed with the arrow keys on its handle. A double click resets it. */
export function ResizablePanel(props: ResizablePanelProps) {
  const { side, defaultSize, minSize, maxSize, label, className, children } = props;
  const id = useId();
  const [size, setSize] = useRememberedSize(props);
  const start = useRef<{ pointer: number; size: number } | null>(null);
  const vertical = side === 'bottom';
  const direction = side === 'left' ? 1 : -1;

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { pointer: vertical ? event.clientY : event.clientX, size };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (start.current === null) return;
    const moved = (vertical ? event.clientY : event.clientX) - start.current.pointer;
    setSize(start.current.size + moved * direction);
  };
  const onPointerEnd = () => {
    start.current = null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = sizeAfterKey(event.key, { size, minSize, maxSize, vertical, direction });
    if (next === null) return;
    event.preventDefault();
    setSize(next);
  };

  return (
    <div
      id={id}
      className={cn('relative flex min-h-0 min-w-0 shrink-0 flex-col', className)}
      style={vertical ? { height: size } : { width: size }}
    >
      <div
        role="separator"
        tabIndex={0}
        aria-label={label}
        aria-controls={id}
        aria-orientation={vertical ? 'horizontal' : 'vertical'}
        aria-valuenow={Math.round(size)}
        aria-valuemin={minSize}
        aria-valuemax={maxSize}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerEnd}
        onPointerCancel={onPointerEnd}
        onDoubleClick={() => setSize(defaultSize)}
        onKeyDown={onKeyDown}
        className={cn(
          'absolute z-10 touch-none transition-colors hover:bg-accent/40 active:bg-accent/60 focus-visible:bg-accent/60 focus-visible:outline-offset-0',
          handlePlace[side],
        )}
      />
      {children}
    </div>
  );
}

const handlePlace = {
  left: 'inset-y-0 -right-1 w-2 cursor-col-resize',
  right: 'inset-y-0 -left-1 w-2 cursor-col-resize',
  bottom: 'inset-x-0 -top-1 h-2 cursor-row-resize',
} as const;

interface Measure {
  size: number;
  minSize: number;
  maxSize: number;
  vertical: boolean;
  direction: number;
}

function sizeAfterKey(key: string, { size, minSize, maxSize, vertical, direction }: Measure): number | null {
  if (key === 'Home') return minSize;
  if (key === 'End') return maxSize;
  if (key === (vertical ? 'ArrowDown' : 'ArrowRight')) return size + keyStep * direction;
  if (key === (vertical ? 'ArrowUp' : 'ArrowLeft')) return size - keyStep * direction;
  return null;
}

/** Sizes of this page by storage key; the browser's storage is only read once per key. */
const sizes = new Map<string, number | null>();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readSize(key: string): number | null {
  const known = sizes.get(key);
  if (known !== undefined) return known;
  const stored = readStored(key);
  sizes.set(key, stored);
  return stored;
}

function readStored(key: string): number | null {
  try {
    const text = window.localStorage.getItem(key);
    const size = Number(text);
    return text !== null && Number.isFinite(size) ? size : null;
  } catch {
    // Storage can be blocked; the default size still works.
    return null;
  }
}

function useRememberedSize({ storageKey, defaultSize, minSize, maxSize }: ResizablePanelProps) {
  const stored = useSyncExternalStore(
    subscribe,
    () => readSize(storageKey),
    () => null,
  );
  const clamp = (size: number) => Math.round(Math.min(maxSize, Math.max(minSize, size)));

  const change = (next: number) => {
    sizes.set(storageKey, clamp(next));
    for (const listener of listeners) listener();
    try {
      window.localStorage.setItem(storageKey, String(clamp(next)));
    } catch {
      // Storage can be blocked or full; the size then lasts until the page is left.
    }
  };
  return [clamp(stored ?? defaultSize), change] as const;
}
