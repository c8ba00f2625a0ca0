import { withoutReturns } from '#domain/graph/frame.ts';
import type { Graph, GraphNode } from '#domain/graph/graph.ts';
import { nodeTitle } from '#domain/graph/graph.ts';
import { upstreamOf } from '#domain/graph/order.ts';
import { hostsOf, planesOf } from '#domain/graph/plug.ts';
import { type DefinitionOf, portsOf } from '#domain/node/definition.ts';

/** Values of the last run: the trigger's payload by port and each node's outputs by port. */
export interface Sample {
  readonly trigger: unknown;
  readonly nodes: Readonly<Record<string, unknown>>;
}

export const NO_SAMPLE: Sample = { trigger: null, nodes: {} };

/** Something a template at a node may refer to. */
export interface Suggestion {
  /** As written between the braces: `http_1.body.total`. */
  readonly path: string;
  /** Its type, or the value it had in the last run. */
  readonly detail: string;
  /** The node's title, or “Trigger”. */
  readonly from: string;
}

const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_-]*$/u;
const DEEPEST = 4;
const MOST_KEYS = 40;
const MOST = 400;

const rootOf = (id: string): string => (IDENTIFIER.test(id) ? id : `nodes["${id}"]`);

/** Paths to everything that comes before a node: ports first, then what was in them during the last run. */
export function suggestionsFor(
  graph: Graph,
  nodeId: string,
  sample: Sample,
  definitionOf: DefinitionOf,
): Suggestion[] {
  const forward = withoutReturns(graph, definitionOf);
  // A part is used when what it is plugged into runs.
  const runners = [nodeId, ...hostsOf(nodeId, planesOf(graph, definitionOf).plugs)];
  const before = new Set(runners.flatMap((id) => [...upstreamOf(forward, id)]));
  const upstream = graph.nodes.filter((node) => before.has(node.id));
  const found: Suggestion[] = [];
  const triggers = upstream.filter((node) => definitionOf(node.type)?.trigger);
  const steps = upstream.filter((node) => !definitionOf(node.type)?.trigger);
  for (const trigger of triggers.length > 0
    ? triggers
    : graph.nodes.filter((one) => definitionOf(one.type)?.trigger)) {
    // `trigger` is the payload itself: its ports are the payload's fields, the port `payload` is the whole.
    addPorts(found, { node: trigger, root: 'trigger', from: 'Trigger', value: sample.trigger }, definitionOf);
    addFields(found, { path: 'trigger', value: sample.trigger, from: 'Trigger', depth: 1 });
  }
  for (const step of steps.reverse()) {
    addPorts(
      found,
      { node: step, root: rootOf(step.id), from: nodeTitle(step), value: sample.nodes[step.id] },
      definitionOf,
    );
  }
  const seen = new Set<string>();
  return found.filter(({ path }) => !seen.has(path) && seen.add(path)).slice(0, MOST);
}

interface Root {
  readonly node: GraphNode;
  readonly root: string;
  readonly from: string;
  readonly value: unknown;
}

function addPorts(found: Suggestion[], { node, root, from, value }: Root, definitionOf: DefinitionOf): void {
  const values = isRecord(value) ? value : {};
  for (const port of portsOf(node, definitionOf).outputs) {
    if (root === 'trigger' && port.name === 'payload') continue;
    const path = `${root}${step(port.name)}`;
    const known = values[port.name];
    found.push({ path, detail: known === undefined ? port.type : preview(known), from });
    addFields(found, { path, value: known, from, depth: 1 });
  }
}

function addFields(
  found: Suggestion[],
  at: { path: string; value: unknown; from: string; depth: number },
): void {
  if (at.depth > DEEPEST || found.length > MOST) return;
  const entries: [string, unknown][] = Array.isArray(at.value)
    ? at.value.slice(0, 1).map((one: unknown) => ['[0]', one])
    : isRecord(at.value)
      ? Object.entries(at.value).slice(0, MOST_KEYS)
      : [];
  for (const [key, value] of entries) {
    const path = `${at.path}${key === '[0]' ? key : step(key)}`;
    found.push({ path, detail: preview(value), from: at.from });
    addFields(found, { path, value, from: at.from, depth: at.depth + 1 });
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const step = (key: string): string => (IDENTIFIER.test(key) ? `.${key}` : `["${key.replaceAll('"', '')}"]`);

function preview(value: unknown): string {
  if (Array.isArray(value)) return `${value.length} items`;
  if (isRecord(value)) return 'object';
  const text = JSON.stringify(value) ?? '';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
