'use client';

import { Copy, Ellipsis, Trash2, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { type GraphNode, nodeTitle } from '#domain/graph/graph.ts';
import type { AnyDefinition } from '#domain/node/definition.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu } from '#ui/menu.tsx';
import { TabPanel, Tabs } from '#ui/tabs.tsx';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { useActions } from '../command/actions-context.ts';
import { useDocument, useEditor, useProblems } from '../editor-context.ts';
import { ConfigForm } from './config-form.tsx';
import { Docs } from './docs.tsx';
import { NodeData } from './node-data.tsx';
import { PluggedParts } from './plugged-parts.tsx';
import { SettingsForm } from './settings-form.tsx';
import { useOnlySelected } from './use-only-selected.ts';
import { WebhookAddress } from './webhook-address.tsx';

/** Everything about the selected node: its form, engine settings, help, and the data of the last run. */
export function Inspector({ onClose }: { onClose: () => void }) {
  const id = useOnlySelected();
  const node = useDocument((state) => (id === null ? undefined : state.nodes.get(id)));
  const { definitionOf } = useEditor();
  const [tab, setTab] = useState('setup');
  if (!node) return null;
  const definition = definitionOf(node.type);
  return (
    <section aria-label="Inspector" className="@container flex h-full min-h-0 flex-col bg-surface">
      <Header key={node.id} node={node} definition={definition} onClose={onClose} />
      {definition ? (
        <Tabs
          ariaLabel="Node"
          value={tab}
          onValueChange={setTab}
          items={[
            { value: 'setup', label: 'Setup' },
            { value: 'settings', label: 'Settings' },
            { value: 'data', label: 'Data' },
            { value: 'docs', label: 'Help' },
          ]}
          className="flex-1"
          listClassName="px-4 shrink-0"
        >
          <div className="min-h-0 flex-1 overflow-y-auto p-4">
            <TabPanel value="setup" className="flex flex-col gap-5">
              <NodeProblems id={node.id} />
              {definition.trigger === 'webhook' ? (
                <WebhookAddress nodeId={node.id} method={methodOf(node)} auth={authOf(node)} />
              ) : null}
              <PluggedParts node={node} />
              <ConfigForm key={node.id} node={node} definition={definition} />
            </TabPanel>
            <TabPanel value="settings">
              {definition.trigger ? (
                <p className="text-sm text-subtle">A trigger only starts runs; nothing to set here.</p>
              ) : (
                <SettingsForm key={node.id} node={node} definition={definition} />
              )}
            </TabPanel>
            <TabPanel value="data">
              <NodeData key={node.id} nodeId={node.id} title={nodeTitle(node)} />
            </TabPanel>
            <TabPanel value="docs">
              <Docs text={definition.docs} />
            </TabPanel>
          </div>
        </Tabs>
      ) : (
        <p className="p-4 text-sm text-subtle">
          This installation does not know the node type “{node.type}”. Delete the node or install its type.
        </p>
      )}
    </section>
  );
}

function methodOf(node: GraphNode): string {
  const methods = node.config['methods'];
  return Array.isArray(methods) && typeof methods[0] === 'string' ? methods[0] : 'POST';
}

function authOf(node: GraphNode): string {
  const { auth } = node.config;
  return typeof auth === 'string' ? auth : 'none';
}

interface HeaderProps {
  node: GraphNode;
  definition: AnyDefinition | undefined;
  onClose: () => void;
}

function Header({ node, definition, onClose }: HeaderProps) {
  const actions = useActions();
  const [text, setText] = useState(nodeTitle(node));
  const shown = useRef(nodeTitle(node));
  useEffect(() => {
    if (shown.current === nodeTitle(node)) return;
    shown.current = nodeTitle(node);
    setText(nodeTitle(node));
  }, [node]);
  const commit = (): void => {
    const label = text.trim() === '' ? null : text.trim().slice(0, 200);
    if (label === node.label) return;
    shown.current = label ?? node.id;
    setText(label ?? node.id);
    actions.change({
      name: `Rename ${nodeTitle(node)}`,
      commands: [{ kind: 'update_node', id: node.id, label }],
    });
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') event.currentTarget.blur();
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    setText(nodeTitle(node));
    event.currentTarget.blur();
  };
  return (
    <header className="flex shrink-0 items-center gap-2.5 px-4 pt-3 pb-2">
      <span className="grid size-8 shrink-0 place-items-center rounded-md border border-border bg-sunken text-muted">
        <NodeIcon name={definition?.icon ?? 'circle-help'} className="size-4" />
      </span>
      <div className="min-w-0 flex-1">
        <input
          aria-label="Node title"
          data-rename
          value={text}
          maxLength={200}
          onChange={(event) => setText(event.target.value)}
          onBlur={commit}
          onKeyDown={onKeyDown}
          className="-mx-1 w-full truncate rounded-sm bg-transparent px-1 text-base font-semibold hover:bg-hover focus:bg-surface"
        />
        <div className="flex gap-1.5 truncate text-xs text-subtle">
          <span>{definition?.title ?? node.type}</span>
          <span aria-hidden>·</span>
          <code className="font-mono">{node.id}</code>
        </div>
      </div>
      <Menu
        align="end"
        trigger={<IconButton label="Node menu" icon={<Ellipsis />} />}
        items={[
          { label: 'Duplicate', icon: <Copy />, shortcut: 'Mod+D', onSelect: actions.duplicate },
          { label: 'Delete', icon: <Trash2 />, shortcut: 'Delete', danger: true, onSelect: actions.remove },
        ]}
      />
      <IconButton label="Close inspector" icon={<X />} onClick={onClose} />
    </header>
  );
}

/** Faults that belong to no field of the form: missing connections, cycles. */
function NodeProblems({ id }: { id: string }) {
  const problems = useProblems((state) => state.byNode[id]);
  const general = problems?.filter((one) => one.field === undefined) ?? [];
  if (general.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 rounded-md bg-warning-soft p-2.5 text-xs text-warning-text">
      {general.map((one) => (
        <li key={one.message}>{one.message}</li>
      ))}
    </ul>
  );
}
