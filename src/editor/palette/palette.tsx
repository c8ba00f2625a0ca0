'use client';

import { X } from 'lucide-react';
import { useState } from 'react';
import type { AnyDefinition } from '#domain/node/definition.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { SearchField } from '#ui/search-field.tsx';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { useActions } from '../command/actions-context.ts';
import { useEditor } from '../editor-context.ts';
import { groupedTypes, rankOf } from './node-type-list.ts';
import { type DragGhost, useTypeDrag } from './use-type-drag.ts';

/** Every node type: search, click to add beside the selection, or drag onto the canvas or onto an edge. */
export function Palette({ onAdded }: { onAdded?: () => void }) {
  const [search, setSearch] = useState('');
  const { layout, definitions } = useEditor();
  const actions = useActions();
  const { ghost, start, wasDragged } = useTypeDrag();
  const groups = groupedTypes(definitions, search);
  const add = (definition: AnyDefinition): void => {
    if (wasDragged()) return;
    actions.addBeside(definition);
    onAdded?.();
  };
  const addFirst = (event: React.KeyboardEvent): void => {
    const found = groups.flatMap((group) => group.items);
    const [first] = found.sort((a, b) => rankOf(a.title, search) - rankOf(b.title, search));
    if (event.key === 'Enter' && search.trim() !== '' && first) add(first);
  };
  return (
    <section aria-label="Node palette" className="flex h-full min-h-0 flex-col bg-surface">
      <div className="flex items-center gap-1 p-3 pb-2" onKeyDown={addFirst}>
        <SearchField
          value={search}
          onValueChange={setSearch}
          placeholder="Search nodes"
          ariaLabel="Search nodes"
          className="min-w-0 flex-1"
        />
        <IconButton
          label="Close palette"
          icon={<X />}
          className="md:hidden"
          onClick={() => layout.setState({ palette: false })}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        {groups.map((group) => (
          <div key={group.title} className="pt-2">
            <h3 className="px-2 pb-1 text-2xs font-medium text-subtle">{group.title}</h3>
            {group.items.map((definition) => (
              <PaletteItem key={definition.type} definition={definition} onAdd={add} onDragStart={start} />
            ))}
          </div>
        ))}
        {groups.length === 0 ? (
          <p className="px-2 py-6 text-center text-subtle">No node matches “{search}”.</p>
        ) : null}
      </div>
      {ghost ? <Ghost ghost={ghost} /> : null}
    </section>
  );
}

interface ItemProps {
  definition: AnyDefinition;
  onAdd: (definition: AnyDefinition) => void;
  onDragStart: (definition: AnyDefinition, event: React.PointerEvent) => void;
}

function PaletteItem({ definition, onAdd, onDragStart }: ItemProps) {
  return (
    <button
      type="button"
      aria-label={definition.title}
      aria-description={definition.summary}
      onClick={() => onAdd(definition)}
      onPointerDown={(event) => onDragStart(definition, event)}
      className="flex w-full cursor-grab touch-pan-y items-start gap-2.5 rounded-md px-2 py-1.5 text-left transition-colors select-none hover:bg-hover active:cursor-grabbing"
    >
      <span className="mt-0.5 grid size-7 shrink-0 place-items-center rounded-md border border-border bg-sunken text-muted">
        <NodeIcon name={definition.icon} className="size-4" />
      </span>
      <span className="min-w-0">
        <span className="block font-medium">{definition.title}</span>
        <span className="line-clamp-2 text-xs text-subtle">{definition.summary}</span>
      </span>
    </button>
  );
}

function Ghost({ ghost }: { ghost: DragGhost }) {
  return (
    <div
      aria-hidden
      className="pointer-events-none fixed z-50 flex h-16 w-56 items-center gap-2.5 rounded-lg border border-accent bg-surface px-3 opacity-90 shadow-raised"
      style={{ left: ghost.at.x - 40, top: ghost.at.y - 32 }}
    >
      <span className="grid size-8 place-items-center rounded-md border border-border bg-sunken text-muted">
        <NodeIcon name={ghost.definition.icon} className="size-4" />
      </span>
      <span className="font-medium">{ghost.definition.title}</span>
    </div>
  );
}
