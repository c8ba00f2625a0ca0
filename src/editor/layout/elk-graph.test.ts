import ELK from 'elkjs/lib/elk.bundled.js';
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { describe, expect, it } from 'vitest';
import type { Graph, GraphNode } from '#domain/graph/graph.ts';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { definitionOf } from '#nodes/definitions.ts';
import { type Rect, rectOf, shapeOf } from '../document/geometry.ts';
import { loopFrames } from '../document/loop-geometry.ts';
import { elkInput, placesFrom } from './elk-graph.ts';
import { partBlocks } from './part-tree.ts';

const node = (id: string, type: string): GraphNode => ({
  ...{ id, type, label: null, x: 0, y: 0, config: {}, settings: DEFAULT_SETTINGS },
});
let edges = 0;
const edge = (source: string, sourcePort: string, target: string, targetPort: string) => ({
  ...{ id: ++edges, source, sourcePort, target, targetPort, priority: 0 },
});

/** A loop in a loop, with a node after each. */
const graph: Graph = {
  nodes: [
    node('start', 'trigger_webhook'),
    ...[node('outer', 'loop'), node('inner', 'loop'), node('work', 'set')],
    ...[node('inside', 'set'), node('after', 'reply')],
  ],
  edges: [
    edge('start', 'body', 'outer', 'items'),
    edge('outer', 'loop_body', 'inner', 'items'),
    edge('inner', 'loop_body', 'work', 'input'),
    edge('work', 'output', 'inner', 'loop_return'),
    edge('inner', 'results', 'inside', 'input'),
    edge('inside', 'output', 'outer', 'loop_return'),
    edge('outer', 'results', 'after', 'input'),
  ],
};

const overlap = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

async function arranged(): Promise<Graph> {
  const ids = new Set(graph.nodes.map((one) => one.id));
  const shape = (one: GraphNode) => shapeOf(one, definitionOf);
  const input = elkInput(graph, ids, shape, definitionOf);
  const { blockOf } = partBlocks(graph, ids, shape, definitionOf);
  const answer = await new ELK().layout(input as unknown as ElkNode);
  const places = placesFrom(answer.children ?? [], graph.nodes, blockOf);
  return { ...graph, nodes: graph.nodes.map((one) => ({ ...one, ...places.get(one.id) })) };
}

describe('the arrangement of loops', () => {
  it('leads from left to right, whatever leads back', async () => {
    const { nodes } = await arranged();
    const x = (id: string): number => nodes.find((one) => one.id === id)?.x ?? Number.NaN;
    expect(x('start')).toBeLessThan(x('outer'));
    expect(x('outer')).toBeLessThan(x('inner'));
    expect(x('inner')).toBeLessThan(x('work'));
  });

  it('keeps what is not repeated out of the area of what is', async () => {
    const laidOut = await arranged();
    const rect = (id: string): Rect => {
      const found = laidOut.nodes.find((one) => one.id === id);
      if (!found) throw new Error(`No node ${id}.`);
      return rectOf(found, definitionOf);
    };
    const frames = loopFrames(laidOut, definitionOf, rect);
    expect(frames.map((one) => one.loop)).toEqual(['outer', 'inner']);
    for (const id of ['start', 'outer', 'after'])
      expect(frames.some((one) => overlap(one, rect(id)))).toBe(false);
    const inner = frames.filter((one) => one.loop === 'inner');
    for (const id of ['inner', 'inside']) expect(inner.some((one) => overlap(one, rect(id)))).toBe(false);
  });
});
