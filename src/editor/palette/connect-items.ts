import { nodeTitle } from '#domain/graph/graph.ts';
import { isSlotType } from '#domain/graph/port-type.ts';
import { portsOf } from '#domain/node/definition.ts';
import { fittingConnection, type LooseEnd, typeFits } from '../document/edit.ts';
import type { EditorParts } from '../editor-context.ts';
import type { PickerItem } from './picker.tsx';

/** What an item of the connect picker stands for. */
export type Choice =
  | { readonly kind: 'end'; readonly end: LooseEnd }
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'type'; readonly type: string };

export const choiceId = (choice: Choice): string => JSON.stringify(choice);
export const choiceOf = (id: string): Choice => JSON.parse(id) as Choice;

/** The outputs and slots of a node that an edge may be drawn from. */
export function endsOfNode(parts: EditorParts, id: string): LooseEnd[] {
  const node = parts.document.store.getState().nodes.get(id);
  if (!node) return [];
  const { inputs, outputs } = portsOf(node, parts.definitionOf);
  return [
    ...outputs.map(({ name }): LooseEnd => ({ node: id, port: name, side: 'output' })),
    ...inputs
      .filter((port) => isSlotType(port.type))
      .map(({ name }): LooseEnd => ({ node: id, port: name, side: 'input' })),
  ];
}

/** The outputs and slots to choose from. */
export function endItems(parts: EditorParts, id: string): PickerItem[] {
  const node = parts.document.store.getState().nodes.get(id);
  const ports = node && portsOf(node, parts.definitionOf);
  return endsOfNode(parts, id).flatMap((end): PickerItem[] => {
    const list = end.side === 'output' ? ports?.outputs : ports?.inputs;
    const port = list?.find((one) => one.name === end.port);
    if (!port) return [];
    const group = end.side === 'input' ? 'Into a slot' : isSlotType(port.type) ? 'Plug in as' : 'From output';
    const id = choiceId({ kind: 'end', end });
    return [{ id, label: port.label ?? port.name, description: port.type, group }];
  });
}

/** The nodes a loose end can meet, nearest first. */
export function nodeItems(parts: EditorParts, end: LooseEnd, group: string): PickerItem[] {
  const { graph, nodes } = parts.document.store.getState();
  const from = nodes.get(end.node);
  if (!from) return [];
  const away = (other: { x: number; y: number }): number => Math.hypot(other.x - from.x, other.y - from.y);
  return graph.nodes
    .flatMap((one) => {
      const connection = fittingConnection(graph, end, one.id, parts.definitionOf);
      return connection ? [{ one, connection }] : [];
    })
    .sort((a, b) => away(a.one) - away(b.one))
    .map(({ one, connection }) => ({
      id: choiceId({ kind: 'node', id: one.id }),
      label: nodeTitle(one),
      description:
        end.side === 'output' ? `Input ${connection.targetPort}` : `Output ${connection.sourcePort}`,
      icon: parts.definitionOf(one.type)?.icon ?? 'box',
      group,
    }));
}

/** The types a new node may have to meet a loose end. */
export function fittingTypeItems(parts: EditorParts, end: LooseEnd, group: string): PickerItem[] {
  const { graph, nextEdgeId } = parts.document.store.getState();
  const doc = { graph, nextEdgeId, definitionOf: parts.definitionOf };
  return parts.definitions
    .filter((one) => typeFits(doc, one, end))
    .map((one) => ({
      id: choiceId({ kind: 'type', type: one.type }),
      label: one.title,
      description: one.summary,
      icon: one.icon,
      group,
    }));
}
