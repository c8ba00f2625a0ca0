'use client';

import { useMemo } from 'react';
import { isSlotType } from '#domain/graph/port-type.ts';
import type { AnyDefinition } from '#domain/node/definition.ts';
import { useActions } from '../command/actions-context.ts';
import { type LooseEnd, typeFits } from '../document/edit.ts';
import type { Point } from '../document/geometry.ts';
import { isDiamond, portAt } from '../document/part-place.ts';
import { type EditorParts, type PickerRequest, useEditor, useLayout } from '../editor-context.ts';
import { choiceOf, endItems, endsOfNode, fittingTypeItems, nodeItems } from './connect-items.ts';
import { groupedTypes } from './node-type-list.ts';
import { Picker, type PickerItem } from './picker.tsx';

/** The picker the canvas asked for: add a node, put one into an edge, or choose what to connect with. */
export function CanvasPicker() {
  const request = useLayout((state) => state.picker);
  if (!request) return null;
  return request.kind === 'connect' ? <ConnectPicker request={request} /> : <TypePicker request={request} />;
}

function useClose(): () => void {
  const { layout } = useEditor();
  return useMemo(
    () => () => {
      layout.setState({ picker: null });
      window.document.querySelector<HTMLElement>('[data-canvas]')?.focus({ preventScroll: true });
    },
    [layout],
  );
}

type TypeRequest = Exclude<PickerRequest, { kind: 'connect' }>;

function TypePicker({ request }: { request: TypeRequest }) {
  const parts = useEditor();
  const { graph } = parts.document.store.getState();
  if (request.kind === 'add' && request.end && isDiamond(graph, request.end, parts.definitionOf))
    return <EndPicker end={request.end} screen={request.screen} at={request.flow} />;
  return <NodePicker request={request} />;
}

function NodePicker({ request }: { request: TypeRequest }) {
  const parts = useEditor();
  const actions = useActions();
  const close = useClose();
  const items = useMemo(() => typeItems(parts, request), [parts, request]);
  const pick = (type: string): void => {
    const definition = parts.definitionOf(type);
    close();
    if (!definition) return;
    if (request.kind === 'insert') actions.insert(definition, request.edge);
    else if (request.end) actions.addAtEnd(definition, request.end, request.flow);
    else actions.add(definition, request.flow);
  };
  return (
    <Picker
      key={`${request.kind}${request.screen.x},${request.screen.y}`}
      at={request.screen}
      label={request.kind === 'insert' ? 'Insert a node' : 'Add a node'}
      placeholder="Search nodes"
      items={items}
      emptyText="No node matches."
      onPick={pick}
      onClose={close}
    />
  );
}

/** The ends a new node has to meet: one for a dropped edge, two for a node put into an edge. */
function endsOf(parts: EditorParts, request: TypeRequest): LooseEnd[] {
  if (request.kind === 'add') return request.end ? [request.end] : [];
  const edge = parts.document.store.getState().edges.get(request.edge);
  if (!edge) return [];
  return [
    { node: edge.source, port: edge.sourcePort, side: 'output' },
    { node: edge.target, port: edge.targetPort, side: 'input' },
  ];
}

function typeItems(parts: EditorParts, request: TypeRequest): PickerItem[] {
  const { graph, nextEdgeId } = parts.document.store.getState();
  const ends = endsOf(parts, request);
  const withoutEdge =
    request.kind === 'insert'
      ? { ...graph, edges: graph.edges.filter((edge) => edge.id !== request.edge) }
      : graph;
  const doc = { graph: withoutEdge, nextEdgeId, definitionOf: parts.definitionOf };
  const item = (one: AnyDefinition, group: string): PickerItem => ({
    id: one.type,
    label: one.title,
    description: one.summary,
    icon: one.icon,
    group,
  });
  if (ends.length === 0)
    return groupedTypes(parts.definitions, '').flatMap(({ title, items }) =>
      items.map((one) => item(one, title)),
    );
  const fits = (one: AnyDefinition): boolean => ends.every((end) => typeFits(doc, one, end));
  return [
    ...parts.definitions.filter(fits).map((one) => item(one, 'Fits here')),
    ...(request.kind === 'insert'
      ? []
      : parts.definitions
          .filter((one) => !fits(one) && !one.isPart)
          .map((one) => item(one, 'Added without an edge'))),
  ];
}

type ConnectRequest = Extract<PickerRequest, { kind: 'connect' }>;

/** The keyboard's way to draw an edge: the output or slot first if there are several, then what is to meet it. */
function ConnectPicker({ request }: { request: ConnectRequest }) {
  const parts = useEditor();
  const close = useClose();
  const only = useMemo(() => {
    const ends = endsOfNode(parts, request.node);
    return ends.length === 1 ? ends[0] : undefined;
  }, [parts, request.node]);
  const end = request.end ?? only;
  const items = useMemo(() => endItems(parts, request.node), [parts, request.node]);
  if (end) return <EndPicker end={end} screen={request.screen} at={null} />;
  return (
    <Picker
      at={request.screen}
      label="Connect"
      placeholder="Choose an output or a slot"
      items={items}
      emptyText="This node has no output."
      onPick={(id) => {
        const choice = choiceOf(id);
        if (choice.kind === 'end') parts.layout.setState({ picker: { ...request, end: choice.end } });
      }}
      onClose={close}
    />
  );
}

interface EndProps {
  end: LooseEnd;
  screen: Point;
  /** Where the person pointed; null for the keyboard, which connects what is there. */
  at: Point | null;
}

/** What can meet a loose end: nodes that are there, and at a diamond new ones as well. */
function EndPicker({ end, screen, at }: EndProps) {
  const parts = useEditor();
  const actions = useActions();
  const close = useClose();
  const { items, slot } = useMemo(() => metBy(parts, end), [parts, end]);
  const pick = (id: string): void => {
    const choice = choiceOf(id);
    close();
    if (choice.kind === 'node') actions.connect(end, { node: choice.id });
    const definition = choice.kind === 'type' ? parts.definitionOf(choice.type) : undefined;
    if (definition) actions.addAtEnd(definition, end, at ?? { x: 0, y: 0 });
  };
  return (
    <Picker
      key={`${end.node}${end.port}`}
      at={screen}
      label={slot === null ? 'Connect' : `Plug into ${slot}`}
      placeholder={slot === null ? 'Choose a node' : `Search for ${slot}`}
      items={items}
      emptyText={
        slot === null ? 'Nothing here can take this output.' : 'Nothing fits here; the slot may be taken.'
      }
      onPick={pick}
      onClose={close}
    />
  );
}

function metBy(parts: EditorParts, end: LooseEnd): { items: PickerItem[]; slot: string | null } {
  const { graph } = parts.document.store.getState();
  const port = portAt(graph, end, parts.definitionOf);
  const slot = port && isSlotType(port.type) ? (port.label ?? port.name).toLowerCase() : null;
  if (slot === null) return { items: nodeItems(parts, end, `Connect ${end.port} to`), slot };
  const fresh = fittingTypeItems(parts, end, 'Add');
  const there = nodeItems(parts, end, 'On the canvas already');
  // A slot wants a part of its own; a part is mostly there for someone who is there as well.
  return { items: end.side === 'input' ? [...fresh, ...there] : [...there, ...fresh], slot };
}
