import { firstFittingPorts, refusal } from '#domain/graph/connect.ts';
import type { Connection, Graph, GraphNode } from '#domain/graph/graph.ts';
import { isSlotType, type PortType, type SlotType } from '#domain/graph/port-type.ts';
import { type DefinitionOf, portsOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';

/** The label of an edge into a slot as core API clients know it; they know none for memories. */
const LABELS: Readonly<Record<SlotType, string>> = {
  model: 'llm',
  tool: 'tool',
  memory: '',
  parser: 'output_parser',
  skill: 'skill',
};

/** By label: the slots it may mean, and the name of the handle in messages. */
const SLOTS: Readonly<Record<string, readonly [readonly SlotType[], string]>> = {
  llm: [['model'], 'model'],
  tool: [['tool'], 'tools'],
  memory: [['memory', 'tool'], 'tools'],
  output_parser: [['parser'], 'output_parser'],
  skill: [['skill'], 'skills'],
};

/** The label of an edge that ends at a port; null where the port is no slot. */
export const slotLabel = (port: PortType | undefined): string | null =>
  port !== undefined && isSlotType(port) ? LABELS[port] : null;

/** Where an edge with a label ends as long as its nodes are not there. */
export function looseSlot(label: string): { sourcePort: string; targetPort: string } | null {
  const slot = SLOTS[label];
  return slot?.[0][0] ? { sourcePort: slot[0][0], targetPort: slot[1] } : null;
}

interface SlotWish {
  readonly source: GraphNode;
  readonly target: GraphNode;
  readonly label: string;
  readonly sourcePort: string | undefined;
  readonly targetPort: string | undefined;
}

/**
 * The ports of an edge whose label says that it plugs a part into a node; null where the label says no such thing.
 * @throws AppError `invalid` in the documented words when the target has no such slot, or the source does not fit.
 */
export function slotPorts(graph: Graph, wish: SlotWish, definitionOf: DefinitionOf): Connection | null {
  const slot = SLOTS[wish.label];
  if (!slot) return null;
  const [types, handle] = slot;
  const { source, target } = wish;
  const inputs = portsOf(target, definitionOf).inputs;
  const slots = types.flatMap((type) => inputs.filter((port) => port.type === type));
  const asked = slots.filter(({ name }) => wish.targetPort === undefined || name === wish.targetPort);
  if (asked.length === 0) {
    throw mismatch(`Node type '${target.type}' does not accept '${handle}' connections`);
  }
  const ends = { source: source.id, target: target.id, sourcePort: wish.sourcePort };
  for (const { name } of asked) {
    const fitting = firstFittingPorts(graph, { ...ends, targetPort: name }, definitionOf);
    if (fitting) return fitting;
  }
  const outputs = portsOf(source, definitionOf).outputs;
  const [into] = asked;
  const from =
    wish.sourcePort ?? (outputs.find(({ type }) => type === into?.type) ?? outputs[0])?.name ?? 'output';
  const tried = { ...ends, sourcePort: from, targetPort: into?.name ?? handle };
  throw mismatch(refusal(graph, tried, definitionOf)?.message ?? 'These ports cannot be connected.');
}

/** Whether a node is only ever plugged into others, so that its edges need no label to say so. */
export const isOnlyPlugged = (node: GraphNode, definitionOf: DefinitionOf): boolean => {
  const { outputs } = portsOf(node, definitionOf);
  return outputs.length > 0 && outputs.every((port) => isSlotType(port.type));
};

const mismatch = (message: string): AppError => new AppError('invalid', { validation_errors: [message] });
