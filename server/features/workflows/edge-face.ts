import type { z } from 'zod';
import type { edgeOut } from '#contract/graph.ts';
import { edgeRole } from '#domain/graph/frame.ts';
import type { Graph, GraphNode } from '#domain/graph/graph.ts';
import { type DefinitionOf, portsOf } from '#domain/node/definition.ts';
import { slotLabel } from './edge-slot.ts';
import type { EdgeRow } from './row.ts';

type EdgeOut = z.input<typeof edgeOut>;

/** The node types that conditional edges start from; others name the port their edges leave by. */
const BRANCHING = new Set(['switch', 'assertion', 'router', 'categorizer']);
const ASSERTED = new Set(['pass', 'fail']);

/** Whether a conditional edge of this value may start from a node of this type. */
export const mayBranch = (type: string, value: string): boolean =>
  BRANCHING.has(type) && (type !== 'assertion' || ASSERTED.has(value));

/** The names of the output ports of a node whose leaving chooses a branch. Unknown nodes have none. */
function routesOf(graph: Graph, source: string, definitionOf: DefinitionOf): Set<string> {
  const node = graph.nodes.find((one) => one.id === source);
  const outputs = node && BRANCHING.has(node.type) ? portsOf(node, definitionOf).outputs : [];
  return new Set(outputs.filter((port) => port.route === true).map((port) => port.name));
}

/** How core API clients tell the edges that begin and end a loop's body, and those that plug a part in. */
function ownLabel(
  nodes: ReadonlyMap<string, GraphNode>,
  row: EdgeRow,
  definitionOf: DefinitionOf,
): EdgeOut['edge_label'] | null {
  const target = nodes.get(row.target);
  const into = target && portsOf(target, definitionOf).inputs.find((port) => port.name === row.target_port);
  const plugged = slotLabel(into?.type);
  if (plugged !== null) return plugged;
  const edge = {
    id: row.id,
    source: row.source,
    sourcePort: row.source_port,
    target: row.target,
    targetPort: row.target_port,
    priority: row.priority,
  };
  const role = edgeRole(edge, nodes, definitionOf);
  return role === 'flow' ? null : `loop_${role}`;
}

/**
 * Shows edges as core API clients see them: conditional when they leave a port that chooses a branch of a node that
 * conditional edges may start from.
 */
export function edgeFace(graph: Graph, definitionOf: DefinitionOf): (row: EdgeRow) => EdgeOut {
  const routes = new Map<string, Set<string>>();
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  return (row) => {
    const known = routes.get(row.source) ?? routesOf(graph, row.source, definitionOf);
    routes.set(row.source, known);
    const conditional = known.has(row.source_port) || row.api_fields.edge_type === 'conditional';
    return {
      id: row.id,
      source_node_id: row.source,
      target_node_id: row.target,
      edge_type: conditional ? 'conditional' : 'direct',
      edge_label:
        ownLabel(nodes, row, definitionOf) ?? ((row.api_fields.edge_label ?? '') as EdgeOut['edge_label']),
      condition_mapping: (row.api_fields.condition_mapping ?? null) as EdgeOut['condition_mapping'],
      condition_value: conditional ? row.source_port : (row.api_fields.condition_value ?? ''),
      priority: row.priority,
      source_port: row.source_port,
      target_port: row.target_port,
    };
  };
}
