'use client';

import { ArrowDown, ArrowUp, Plus, Unplug } from 'lucide-react';
import type { GraphCommand } from '#domain/graph/command.ts';
import { type GraphEdge, type GraphNode, nodeTitle, type Port } from '#domain/graph/graph.ts';
import { isSlotType } from '#domain/graph/port-type.ts';
import { portsOf } from '#domain/node/definition.ts';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { useActions } from '../command/actions-context.ts';
import { useDocument, useEditor } from '../editor-context.ts';

/** What is plugged into a node, slot by slot: where it leads, its order, and the way to take it out. */
export function PluggedParts({ node }: { node: GraphNode }) {
  const { definitionOf } = useEditor();
  const slots = portsOf(node, definitionOf).inputs.filter((port) => isSlotType(port.type));
  if (slots.length === 0) return null;
  return (
    <section aria-label="Plugged in" className="flex flex-col gap-3 rounded-lg border border-border p-3">
      {slots.map((slot) => (
        <Slot key={slot.name} node={node} slot={slot} />
      ))}
    </section>
  );
}

const inOrder = (a: GraphEdge, b: GraphEdge): number => a.priority - b.priority || a.id - b.id;

function Slot({ node, slot }: { node: GraphNode; slot: Port }) {
  const { layout } = useEditor();
  const edges = useDocument((state) => state.graph.edges);
  const plugs = edges
    .filter((edge) => edge.target === node.id && edge.targetPort === slot.name)
    .sort(inOrder);
  const title = slot.label ?? slot.name;
  const isFull = plugs.length > 0 && !slot.many;
  const add = (event: React.MouseEvent<HTMLElement>): void => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect();
    layout.setState({
      picker: {
        ...{ kind: 'add', screen: { x: left, y: bottom + 24 }, flow: { x: node.x, y: node.y } },
        end: { node: node.id, port: slot.name, side: 'input' },
      },
    });
  };
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex min-h-7 items-center justify-between gap-2">
        <h4 className="text-sm font-medium">
          {title}
          {slot.required ? <span className="text-danger-text"> *</span> : null}
        </h4>
        {isFull ? null : (
          <Button size="sm" variant="ghost" icon={<Plus />} aria-label={`Add: ${title}`} onClick={add}>
            Add
          </Button>
        )}
      </div>
      {plugs.length === 0 ? (
        <p className={slot.required ? 'text-xs text-danger-text' : 'text-xs text-subtle'}>
          {slot.required
            ? 'Needed, and nothing is plugged in.'
            : (slot.description ?? 'Nothing is plugged in.')}
        </p>
      ) : (
        <ul aria-label={title} className="flex flex-col gap-1">
          {plugs.map((edge, at) => (
            <Part key={edge.id} edge={edge} at={at} plugs={plugs} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Part({ edge, at, plugs }: { edge: GraphEdge; at: number; plugs: readonly GraphEdge[] }) {
  const { definitionOf } = useEditor();
  const actions = useActions();
  const part = useDocument((state) => state.nodes.get(edge.source));
  const title = part ? nodeTitle(part) : edge.source;
  const move = (to: number): void => {
    const order = plugs.filter((one) => one !== edge);
    order.splice(to, 0, edge);
    actions.change({ name: `Move ${title}`, commands: reordered(order) });
  };
  return (
    <li className="flex min-w-0 items-center gap-1 rounded-md border border-border pl-2">
      <NodeIcon
        name={part ? (definitionOf(part.type)?.icon ?? 'box') : 'circle-help'}
        className="size-4 shrink-0 text-muted"
      />
      <button
        type="button"
        onClick={() => actions.select([edge.source], true)}
        className="min-w-0 flex-1 truncate rounded-sm px-1 py-1 text-left text-sm text-link hover:underline"
      >
        {title}
      </button>
      {plugs.length > 1 ? (
        <>
          <IconButton
            label={`Move ${title} up`}
            icon={<ArrowUp />}
            size="sm"
            disabled={at === 0}
            onClick={() => move(at - 1)}
          />
          <IconButton
            label={`Move ${title} down`}
            icon={<ArrowDown />}
            size="sm"
            disabled={at === plugs.length - 1}
            onClick={() => move(at + 1)}
          />
        </>
      ) : null}
      <IconButton
        label={`Unplug ${title}`}
        icon={<Unplug />}
        size="sm"
        onClick={() =>
          actions.change({ name: `Unplug ${title}`, commands: [{ kind: 'remove_edge', id: edge.id }] })
        }
      />
    </li>
  );
}

/** Puts the edges into this order by their priorities; those that have theirs already stay as they are. */
function reordered(order: readonly GraphEdge[]): GraphCommand[] {
  return order.flatMap((edge, priority): GraphCommand[] =>
    edge.priority === priority
      ? []
      : [
          { kind: 'remove_edge', id: edge.id },
          { kind: 'add_edge', edge: { ...edge, priority } },
        ],
  );
}
