'use client';

import { useMemo } from 'react';
import { nodeTitle } from '#domain/graph/graph.ts';
import { portsOf } from '#domain/node/definition.ts';
import { useActions } from '../command/actions-context.ts';
import { fittingConnection, type LooseEnd, typeFits } from '../document/edit.ts';
import { type EditorParts, type PickerRequest, useEditor, useLayout } from '../editor-context.ts';
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
  const fits = parts.definitions.map((one) => ends.every((end) => typeFits(doc, one, end)));
  const item = (at: number, group: string): PickerItem => {
    const one = parts.definitions[at];
    return {
      id: one?.type ?? '',
      label: one?.title ?? '',
      description: one?.summary ?? '',
      icon: one?.icon ?? '',
      group,
    };
  };
  const all = parts.definitions.map((_, at) => at);
  if (ends.length === 0) return all.map((at) => item(at, 'Nodes'));
  return [
    ...all.filter((at) => fits[at]).map((at) => item(at, 'Fits here')),
    ...(request.kind === 'insert'
      ? []
      : all.filter((at) => !fits[at]).map((at) => item(at, 'Added without an edge'))),
  ];
}

type ConnectRequest = Extract<PickerRequest, { kind: 'connect' }>;

/** The keyboard's way to draw an edge: the output first if there are several, then the node to go to. */
function ConnectPicker({ request }: { request: ConnectRequest }) {
  const parts = useEditor();
  const actions = useActions();
  const close = useClose();
  const { port, items } = useMemo(() => connectItems(parts, request), [parts, request]);
  const pick = (id: string): void => {
    if (port === null) {
      parts.layout.setState({ picker: { ...request, port: id } });
      return;
    }
    close();
    actions.connect({ node: request.node, port, side: 'output' }, { node: id });
  };
  return (
    <Picker
      key={port ?? 'port'}
      at={request.screen}
      label="Connect"
      placeholder={port === null ? 'Choose an output' : 'Choose a node'}
      items={items}
      emptyText={port === null ? 'This node has no output.' : 'Nothing here can take this output.'}
      onPick={pick}
      onClose={close}
    />
  );
}

/** The outputs to choose from while none is chosen; then the nodes that can take it, nearest first. */
function connectItems(
  parts: EditorParts,
  request: ConnectRequest,
): { port: string | null; items: PickerItem[] } {
  const { graph, nodes } = parts.document.store.getState();
  const node = nodes.get(request.node);
  if (!node) return { port: null, items: [] };
  const { outputs } = portsOf(node, parts.definitionOf);
  const port = request.port ?? (outputs.length === 1 ? (outputs[0]?.name ?? null) : null);
  if (port === null) {
    const group = 'From output';
    return {
      port,
      items: outputs.map(({ name, label, type }) => ({
        id: name,
        label: label ?? name,
        description: type,
        group,
      })),
    };
  }
  const end: LooseEnd = { node: node.id, port, side: 'output' };
  const away = (other: { x: number; y: number }): number => Math.hypot(other.x - node.x, other.y - node.y);
  const items = graph.nodes
    .flatMap((one) => {
      const connection = fittingConnection(graph, end, one.id, parts.definitionOf);
      return connection ? [{ one, input: connection.targetPort }] : [];
    })
    .sort((a, b) => away(a.one) - away(b.one))
    .map(({ one, input }) => ({
      id: one.id,
      label: nodeTitle(one),
      description: `Input ${input}`,
      icon: parts.definitionOf(one.type)?.icon ?? 'box',
      group: `Connect ${port} to`,
    }));
  return { port, items };
}
