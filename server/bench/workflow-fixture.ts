import { DEFAULT_SETTINGS, type GraphEdge, type GraphNode } from '#domain/graph/graph.ts';

interface Fixture {
  readonly nodes: GraphNode[];
  readonly edges: GraphEdge[];
}

const node = (id: string, type: string, config: Record<string, unknown> = {}): GraphNode => ({
  id,
  type,
  label: null,
  x: 0,
  y: 0,
  config,
  settings: DEFAULT_SETTINGS,
});
const edge = (
  id: number,
  source: string,
  sourcePort: string,
  target: string,
  targetPort: string,
): GraphEdge => ({
  id,
  source,
  sourcePort,
  target,
  targetPort,
  priority: 0,
});
/** A list from the payload, one Set node for every item, the results. */
export function loop(): Fixture {
  return {
    nodes: [
      node('start', 'trigger_manual'),
      node('loop', 'loop', { max_iterations: 10_000 }),
      node('body', 'set', text('one')),
      node('items', 'set', { mode: 'json', json: '{{ trigger.items }}' }),
    ],
    edges: [
      edge(1, 'start', 'payload', 'items', 'input'),
      edge(2, 'items', 'output', 'loop', 'items'),
      edge(3, 'loop', 'loop_body', 'body', 'input'),
      edge(4, 'body', 'output', 'loop', 'loop_return'),
    ],
  };
}

/** A run that waits for an hour. */
export function waiting(): Fixture {
  return {
    nodes: [node('start', 'trigger_manual'), node('pause', 'wait', { duration: 1, unit: 'hours' })],
    edges: [edge(1, 'start', 'payload', 'pause', 'input')],
  };
}

const text = (template: string) => ({ mode: 'text', text: template });

/** webhook → set → reply, answering with a value from the request. */
export function echo(): Fixture {
  return {
    nodes: [
      node('hook', 'trigger_webhook', { respond: 'when_finished', auth: 'none', rate_limit: 0 }),
      node('say', 'set', text('Hello {{ trigger.body.name }}')),
      node('answer', 'reply', { body: '{{ say.output }}' }),
    ],
    edges: [edge(1, 'hook', 'payload', 'say', 'input'), edge(2, 'say', 'output', 'answer', 'input')],
  };
}

/** A manual trigger and `length - 1` Set nodes in a row. */
export function chain(length: number): Fixture {
  const nodes = [node('start', 'trigger_manual')];
  const edges: GraphEdge[] = [];
  for (let n = 1; n < length; n += 1) {
    nodes.push(node(`s${n}`, 'set', text(`step ${n}`)));
    edges.push(edge(n, n === 1 ? 'start' : `s${n - 1}`, n === 1 ? 'payload' : 'output', `s${n}`, 'input'));
  }
  return { nodes, edges };
}

/** One trigger, `width` branches, one merge. */
export function fanOut(width: number): Fixture {
  const nodes = [node('start', 'trigger_manual'), node('join', 'merge', {})];
  const edges: GraphEdge[] = [];
  for (let n = 1; n <= width; n += 1) {
    nodes.push(node(`b${n}`, 'set', text(`branch ${n}`)));
    edges.push(edge(2 * n - 1, 'start', 'payload', `b${n}`, 'input'));
    edges.push(edge(2 * n, `b${n}`, 'output', 'join', 'branches'));
  }
  return { nodes, edges };
}
