import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Graph, GraphNode } from '#domain/graph/graph.ts';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type AnyDefinition, defineNode } from '#domain/node/definition.ts';
import { BELOW, loopFrames, PADDING } from './loop-geometry.ts';

const plain = {
  title: '',
  summary: '',
  icon: 'box',
  category: 'flow' as const,
  effect: 'pure' as const,
  formatVersion: 1,
  docs: '',
  config: z.object({}),
};
const loop: AnyDefinition = defineNode({
  ...plain,
  type: 'loop',
  ports: () => ({
    inputs: [
      { name: 'items', type: 'array' },
      { name: 'return', type: 'any', loop: 'return' },
    ],
    outputs: [
      { name: 'body', type: 'any', loop: 'body' },
      { name: 'results', type: 'array' },
    ],
  }),
});
const step: AnyDefinition = defineNode({
  ...plain,
  type: 'step',
  ports: () => ({ inputs: [{ name: 'in', type: 'any' }], outputs: [{ name: 'out', type: 'any' }] }),
});
const definitionOf = (type: string) => (type === 'loop' ? loop : step);

const node = (id: string, type: string, x: number, y: number): GraphNode => ({
  ...{ id, type, label: null, x, y, config: {}, settings: DEFAULT_SETTINGS },
});
let edges = 0;
const edge = (source: string, sourcePort: string, target: string, targetPort: string) => ({
  ...{ id: ++edges, source, sourcePort, target, targetPort, priority: 0 },
});
const framesIn = (graph: Graph) =>
  loopFrames(graph, definitionOf, (id) => {
    const one = graph.nodes.find((found) => found.id === id);
    return one && { x: one.x, y: one.y, width: 224, height: 64 };
  });

describe('the area a loop repeats', () => {
  it('lies around the body, and not around what comes after the loop', () => {
    const graph = {
      nodes: [node('l', 'loop', 0, 0), node('a', 'step', 400, 0), node('after', 'step', 400, 300)],
      edges: [
        edge('l', 'body', 'a', 'in'),
        edge('a', 'out', 'l', 'return'),
        edge('l', 'results', 'after', 'in'),
      ],
    };
    expect(framesIn(graph)).toEqual([
      { loop: 'l', depth: 0, x: 368, y: -PADDING, width: 288, height: 64 + 2 * PADDING, floor: 64 },
    ]);
  });

  it('makes room for the way back of a loop inside', () => {
    const graph = {
      nodes: [node('o', 'loop', 0, 0), node('i', 'loop', 400, 0), node('a', 'step', 800, 0)],
      edges: [
        edge('o', 'body', 'i', 'items'),
        edge('i', 'body', 'a', 'in'),
        edge('a', 'out', 'i', 'return'),
        edge('i', 'results', 'o', 'return'),
      ],
    };
    const [outer, inner] = framesIn(graph);
    expect([outer?.loop, outer?.depth, inner?.loop, inner?.depth]).toEqual(['o', 0, 'i', 1]);
    expect(outer?.floor).toBe((inner?.floor ?? 0) + BELOW);
  });

  it('is not there without a body', () => {
    expect(framesIn({ nodes: [node('l', 'loop', 0, 0)], edges: [] })).toEqual([]);
  });
});
