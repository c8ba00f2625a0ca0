import type { Graph, GraphNode } from '../graph/graph.ts';
import { nodeTitle } from '../graph/graph.ts';
import { planesOf } from '../graph/plug.ts';
import type { SlotType } from '../graph/port-type.ts';
import { type AnyDefinition, type DefinitionOf, portsOf } from '../node/definition.ts';
import { hasTemplate } from './has-template.ts';
import { PlanError } from './plan-error.ts';

/** A node plugged into a slot, before a run has filled in its templates. */
export interface PlannedPart {
  readonly node: GraphNode;
  readonly definition: AnyDefinition;
  readonly slot: SlotType;
  readonly isTemplated: boolean;
  readonly parts: PlannedParts;
}

export type PlannedParts = Readonly<Record<string, readonly PlannedPart[]>>;

const NONE: PlannedParts = {};

/** What is plugged into each node, worked out when a node is planned. */
export function partsPlanner(graph: Graph, definitionOf: DefinitionOf): (node: GraphNode) => PlannedParts {
  const plugs = planesOf(graph, definitionOf).plugs.toSorted(
    (a, b) => a.priority - b.priority || a.id - b.id,
  );
  if (plugs.length === 0) return () => NONE;
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const partsOf = (host: GraphNode, around: readonly string[]): PlannedParts => {
    const parts: Record<string, PlannedPart[]> = {};
    for (const plug of plugs) {
      if (plug.target !== host.id) continue;
      const node = nodes.get(plug.source);
      const definition = node && definitionOf(node.type);
      if (!node || !definition)
        throw new PlanError(`“${nodeTitle(host)}” has lost a part. Remove edge ${plug.id}.`);
      if (around.includes(node.id)) {
        throw new PlanError(`“${nodeTitle(node)}” is plugged into itself. Remove edge ${plug.id}.`);
      }
      const port = portsOf(host, definitionOf).inputs.find((one) => one.name === plug.targetPort);
      if (!port)
        throw new PlanError(`“${nodeTitle(host)}” has no slot ${plug.targetPort}. Remove edge ${plug.id}.`);
      const part = {
        node,
        definition,
        slot: port.type as SlotType,
        isTemplated: hasTemplate(node.config, definition.verbatim ?? []),
        parts: partsOf(node, [...around, node.id]),
      };
      const list = parts[port.name];
      if (list) list.push(part);
      else parts[port.name] = [part];
    }
    return parts;
  };
  return (node) => partsOf(node, [node.id]);
}
