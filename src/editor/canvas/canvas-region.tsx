'use client';

import { Copy, LayoutGrid, Map as MapIcon, Maximize, Minus, Plus, Sparkles, Trash2 } from 'lucide-react';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { ContextMenu } from '#ui/context-menu.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import type { MenuEntry } from '#ui/menu.tsx';
import { useActions } from '../command/actions-context.ts';
import type { Command } from '../command/command-shape.ts';
import type { Point } from '../document/geometry.ts';
import { useEditor, useSelection } from '../editor-context.ts';
import { useZoomPercent } from '../flow/flow.tsx';

interface RegionProps {
  commands: readonly Command[];
  /** Where the pointer was last, for pasting. */
  pointer: { current: Point | null };
  children: ReactNode;
}

/** The canvas as one labelled place with one tab stop and a menu of its own. */
export function CanvasRegion({ commands, pointer, children }: RegionProps) {
  const { selection } = useEditor();
  const [items, setItems] = useState<MenuEntry[]>([]);
  const active = useSelection(({ nodes }) => {
    const [id] = nodes;
    return nodes.size === 1 && id !== undefined ? `card-${id}` : undefined;
  });
  const box = useRef<HTMLDivElement>(null);
  const onContextMenu = (event: React.MouseEvent): void => {
    const target = event.target instanceof Element ? event.target : null;
    const card = target?.closest('.react-flow__node')?.getAttribute('data-id');
    const edge = target?.closest('[data-edge-id]')?.getAttribute('data-edge-id');
    const { nodes, edges } = selection.getState();
    if (card && !nodes.has(card)) selection.setState({ nodes: new Set([card]), edges: new Set() });
    else if (edge && !edges.has(Number(edge)))
      selection.setState({ nodes: new Set(), edges: new Set([Number(edge)]) });
    setItems(menuFor(commands, card !== null && card !== undefined, edge !== null && edge !== undefined));
  };
  return (
    <ContextMenu items={items}>
      <section
        ref={box}
        aria-label="Canvas"
        data-canvas
        // The whole drawing is one tab stop; arrows move inside it.
        tabIndex={0}
        aria-activedescendant={active}
        className="editor-canvas relative min-h-0 min-w-0 flex-1 bg-bg outline-offset-[-2px]"
        onContextMenuCapture={onContextMenu}
        onPointerMove={(event) => {
          pointer.current = { x: event.clientX, y: event.clientY };
        }}
        onPointerLeave={() => {
          pointer.current = null;
        }}
        onPointerDownCapture={(event) => {
          const inside = event.target instanceof Element && event.target.closest('button, input, a');
          if (inside) return;
          // A ring around everything is for the keyboard; the pointer shows where it is by itself.
          box.current?.setAttribute('data-by-pointer', '');
          box.current?.focus({ preventScroll: true });
        }}
        onKeyDown={() => box.current?.removeAttribute('data-by-pointer')}
        onBlur={() => box.current?.removeAttribute('data-by-pointer')}
      >
        {children}
      </section>
    </ContextMenu>
  );
}

function menuFor(commands: readonly Command[], onNode: boolean, onEdge: boolean): MenuEntry[] {
  const entry = (id: string, danger = false): MenuEntry[] => {
    const command = commands.find((one) => one.id === id);
    return command
      ? [{ label: command.title, shortcut: command.keys[0], onSelect: () => setTimeout(command.run), danger }]
      : [];
  };
  if (onNode) {
    return [
      ...entry('open'),
      ...entry('rename'),
      ...entry('connect'),
      ...entry('output'),
      { type: 'separator' },
      ...entry('run-node'),
      ...entry('run-node-input'),
      ...entry('run-to'),
      ...entry('run-from'),
      ...entry('retry-from'),
      ...entry('pin'),
      { type: 'separator' },
      ...entry('copy'),
      ...entry('duplicate'),
      ...entry('delete', true),
    ];
  }
  if (onEdge) return entry('delete', true);
  return [
    ...entry('add'),
    ...entry('paste'),
    { type: 'separator' },
    ...entry('select-all'),
    ...entry('layout'),
    ...entry('fit'),
    { type: 'separator' },
    ...entry('sheet'),
  ];
}

/** Zoom, fit, layout and map, bottom left. */
export function CanvasControls({ commands }: { commands: readonly Command[] }) {
  const run = (id: string): void => commands.find((command) => command.id === id)?.run();
  return (
    <div
      role="toolbar"
      aria-label="View"
      className="absolute bottom-3 left-3 z-10 flex items-center gap-0.5 rounded-lg border border-border bg-surface p-1 shadow-control"
    >
      <IconButton label="Zoom out" icon={<Minus />} size="sm" shortcut="-" onClick={() => run('zoom-out')} />
      <ZoomPercent onReset={() => run('zoom-100')} />
      <IconButton label="Zoom in" icon={<Plus />} size="sm" shortcut="+" onClick={() => run('zoom-in')} />
      <span className="mx-1 h-4 w-px bg-border" aria-hidden />
      <IconButton label="Fit view" icon={<Maximize />} size="sm" shortcut="1" onClick={() => run('fit')} />
      <IconButton
        label="Auto-layout"
        icon={<LayoutGrid />}
        size="sm"
        shortcut="Shift+L"
        onClick={() => run('layout')}
      />
      <IconButton
        label="Describe a change"
        icon={<Sparkles />}
        size="sm"
        shortcut="Mod+I"
        onClick={() => run('propose')}
      />
      <IconButton
        label="Map"
        icon={<MapIcon />}
        size="sm"
        shortcut="M"
        className="max-md:hidden"
        onClick={() => run('minimap')}
      />
    </div>
  );
}

function ZoomPercent({ onReset }: { onReset: () => void }) {
  const percent = useZoomPercent();
  return (
    <button
      type="button"
      onClick={onReset}
      title="Zoom to 100 %"
      className="h-7 w-11 rounded-md text-xs text-muted tabular-nums hover:bg-hover"
    >
      {percent} %
    </button>
  );
}

/** What can be done with several selected nodes, bottom centre. */
export function SelectionTools({ commands }: { commands: readonly Command[] }) {
  const count = useSelection(({ nodes }) => nodes.size);
  const actions = useActions();
  const arrange = useMemo(() => commands.find((command) => command.id === 'layout'), [commands]);
  if (count < 2) return null;
  return (
    <div
      role="toolbar"
      aria-label="Selection"
      className="absolute bottom-3 left-1/2 z-10 flex -translate-x-1/2 items-center gap-1 rounded-lg border border-border bg-surface py-1 pr-1 pl-3 shadow-raised max-md:bottom-16"
    >
      <span className="pr-2 text-xs whitespace-nowrap text-muted tabular-nums">{count} selected</span>
      <IconButton label="Arrange selection" icon={<LayoutGrid />} size="sm" onClick={() => arrange?.run()} />
      <IconButton label="Duplicate selection" icon={<Copy />} size="sm" onClick={actions.duplicate} />
      <Button size="sm" variant="ghost" icon={<Trash2 />} onClick={actions.remove}>
        Delete
      </Button>
    </div>
  );
}
