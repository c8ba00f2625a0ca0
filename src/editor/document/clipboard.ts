import { z } from 'zod';
import { type GraphCommand, graphCommand, graphEdge, graphNode } from '#domain/graph/command.ts';
import type { Graph } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { boundsOf, type Point, snap } from './geometry.ts';
import { freshLabel, freshNodeId } from './node-id.ts';

const FORMAT = 'pipewright/nodes';

const envelope = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  nodes: z.array(graphNode).min(1).max(5000),
  edges: z.array(graphEdge).max(20_000),
});
type Envelope = z.output<typeof envelope>;

/** A whole exported workflow can be pasted too. */
const document = z.object({
  format: z.literal('pipewright/workflow'),
  nodes: z.array(graphNode).min(1).max(5000),
  edges: z.array(graphEdge).max(20_000),
});

/** The nodes and the edges among them as text for the clipboard. */
export function copyText(graph: Graph, ids: ReadonlySet<string>): string {
  const nodes = graph.nodes.filter((node) => ids.has(node.id));
  const edges = graph.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target));
  return JSON.stringify({ format: FORMAT, version: 1, nodes, edges }, null, 2);
}

/** The nodes and edges in a clipboard text; null when it holds none of ours. */
export function readClipboard(text: string): Pick<Envelope, 'nodes' | 'edges'> | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(text);
    const read = envelope.safeParse(value);
    if (read.success) return read.data;
    const whole = document.safeParse(value);
    return whole.success ? whole.data : null;
  } catch {
    return null;
  }
}

export interface Pasted {
  readonly ids: string[];
  readonly commands: GraphCommand[];
}

/**
 * Commands that add copies of the nodes with ids and titles of their own. References among the copies in templates
 * are rewritten to the new ids, so a pasted group works by itself.
 */
export function pasteCommands(
  into: { graph: Graph; nextEdgeId: number; definitionOf: DefinitionOf },
  parts: Pick<Envelope, 'nodes' | 'edges'>,
  at: Point | null,
): Pasted {
  const names = new Map<string, string>();
  const taken = new Set(into.graph.nodes.map((node) => node.id));
  for (const node of parts.nodes) {
    const id = freshNodeId(node.type, taken);
    taken.add(id);
    names.set(node.id, id);
  }
  const bounds = boundsOf(parts.nodes, into.definitionOf);
  const shift = at && bounds ? { x: at.x - bounds.x, y: at.y - bounds.y } : { x: 32, y: 32 };
  let labels = into.graph;
  const commands: GraphCommand[] = [];
  for (const node of parts.nodes) {
    const copy = {
      ...node,
      id: names.get(node.id) ?? node.id,
      label: node.label === null ? null : freshLabel(node.label, labels),
      x: snap(node.x + shift.x),
      y: snap(node.y + shift.y),
      config: renamed(node.config, names) as typeof node.config,
    };
    labels = { nodes: [...labels.nodes, copy], edges: labels.edges };
    commands.push({ kind: 'add_node', node: copy });
  }
  let nextId = into.nextEdgeId;
  for (const edge of parts.edges) {
    const source = names.get(edge.source);
    const target = names.get(edge.target);
    if (source && target)
      commands.push({ kind: 'add_edge', edge: { ...edge, id: nextId++, source, target } });
  }
  return { ids: [...names.values()], commands: graphCommand.array().parse(commands) };
}

const TEMPLATE = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;

/** The value with `{{ old_id.port }}` turned into `{{ new_id.port }}` in every string. */
function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return value.replace(TEMPLATE, (template) => renamedIn(template, names));
  if (Array.isArray(value)) return value.map((one) => renamed(one, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, renamed(one, names)]));
}

function renamedIn(template: string, names: ReadonlyMap<string, string>): string {
  return template.replace(
    /(nodes\[\s*["'])([^"']+)(["']\s*\])|(?<![\w.\-"'])([A-Za-z_][\w-]*)(?=[.[])/g,
    (all, open, quoted, close, word) => {
      if (quoted !== undefined) return `${open}${names.get(quoted) ?? quoted}${close}`;
      return names.get(word) ?? all;
    },
  );
}
