'use client';

import { useMemo, useState } from 'react';
import { nodeTitle } from '#domain/graph/graph.ts';
import { CommandPalette } from '#ui/command-palette.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { Kbd } from '#ui/kbd.tsx';
import { SearchField } from '#ui/search-field.tsx';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { useDocument, useEditor, useLayout } from '../editor-context.ts';
import { useActions } from './actions-context.ts';
import type { Command } from './command-shape.ts';

/** Mod+K: every command, every node type, every node of the workflow. */
export function EditorPalette({ commands }: { commands: readonly Command[] }) {
  const { layout } = useEditor();
  const open = useLayout((state) => state.commands);
  return open ? (
    <OpenPalette commands={commands} onOpenChange={(next) => layout.setState({ commands: next })} />
  ) : null;
}

function OpenPalette({
  commands,
  onOpenChange,
}: {
  commands: readonly Command[];
  onOpenChange: (open: boolean) => void;
}) {
  const { definitions, definitionOf } = useEditor();
  const actions = useActions();
  const nodes = useDocument((state) => state.graph.nodes);
  const groups = useMemo(
    () => [
      {
        heading: 'Commands',
        items: commands
          .filter((command) => !command.keyOnly)
          .map((command) => ({
            id: command.id,
            label: command.title,
            shortcut: command.keys[0],
            onSelect: command.run,
          })),
      },
      {
        heading: 'Add a node',
        items: definitions.map((one) => ({
          id: `add-${one.type}`,
          label: `Add ${one.title}`,
          icon: <NodeIcon name={one.icon} className="size-4" />,
          onSelect: () => actions.addBeside(one),
        })),
      },
      {
        heading: 'Go to',
        items: nodes.slice(0, 200).map((node) => ({
          id: `node-${node.id}`,
          label: nodeTitle(node),
          description: node.id,
          icon: <NodeIcon name={definitionOf(node.type)?.icon ?? 'box'} className="size-4" />,
          onSelect: () => actions.select([node.id], true),
        })),
      },
    ],
    [commands, nodes, actions, definitions, definitionOf],
  );
  return (
    <CommandPalette open onOpenChange={onOpenChange} groups={groups} placeholder="Type a command or a node" />
  );
}

const MORE: readonly { title: string; keys: string; group: string }[] = [
  { title: 'Copy', keys: 'Mod+C', group: 'Edit' },
  { title: 'Cut', keys: 'Mod+X', group: 'Edit' },
  { title: 'Paste', keys: 'Mod+V', group: 'Edit' },
  { title: 'Step out', keys: 'Esc', group: 'General' },
];

/** The shortcut sheet, drawn from the same registry the keys use. */
export function ShortcutSheet({ commands }: { commands: readonly Command[] }) {
  const { layout } = useEditor();
  const open = useLayout((state) => state.sheet);
  const [search, setSearch] = useState('');
  const rows = [
    ...commands.flatMap(({ title, group, keys }) =>
      keys[0] ? [{ title, group: group as string, keys: keys[0] }] : [],
    ),
    ...MORE,
  ].filter((row) => row.title.toLowerCase().includes(search.toLowerCase()));
  const groups = ['Edit', 'Run', 'Move', 'View', 'General'];
  return (
    <Dialog
      open={open}
      onOpenChange={(sheet) => layout.setState({ sheet })}
      title="Keyboard shortcuts"
      size="lg"
    >
      <SearchField
        value={search}
        onValueChange={setSearch}
        placeholder="Search shortcuts"
        ariaLabel="Search shortcuts"
        className="mb-4"
      />
      <div className="gap-x-8 sm:columns-2">
        {groups.map((group) => {
          const own = rows.filter((row) => row.group === group);
          return own.length === 0 ? null : (
            <section key={group} className="mb-5 break-inside-avoid">
              <h3 className="pb-1 text-xs font-medium text-subtle">{group}</h3>
              {own.map((row) => (
                <div
                  key={row.title}
                  className="flex min-h-8 items-center justify-between gap-3 border-b border-border"
                >
                  <span>{row.title}</span>
                  <Kbd keys={withArrows(row.keys)} />
                </div>
              ))}
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}

const ARROWS: Readonly<Record<string, string>> = {
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowUp: '↑',
  ArrowDown: '↓',
};
const withArrows = (keys: string): string => keys.replace(/Arrow[A-Z][a-z]+/, (name) => ARROWS[name] ?? name);
