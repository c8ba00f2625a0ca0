import { expect, it } from 'vitest';
import type { GraphNode } from '#domain/graph/graph.ts';
import { PART_DROP, shapeOf } from '../document/geometry.ts';
import { testDefinitionOf as definitionOf, testEdge, testGraph, testNode } from '../document/testing.ts';
import { partBlocks } from './part-tree.ts';

const graph = testGraph(
  [
    testNode('host', 'host'),
    testNode('tool', 'both'),
    testNode('m', 'model'),
    testNode('flows', 'both'),
    testNode('z'),
  ],
  [
    testEdge(1, 'tool.tool', 'host.tools'),
    testEdge(2, 'm.model', 'host.model'),
    testEdge(3, 'flows.tool', 'host.tools'),
    testEdge(4, 'flows', 'z'),
  ],
);
const shape = (node: GraphNode) => shapeOf(node, definitionOf);

it('keeps a host and its parts together, in the order of the slots', () => {
  const { inside, blockOf } = partBlocks(
    graph,
    new Set(graph.nodes.map(({ id }) => id)),
    shape,
    definitionOf,
  );
  expect([...inside].sort()).toEqual(['m', 'tool']);
  const host = graph.nodes[0];
  if (!host) throw new Error('No host.');
  const { places, width, height } = blockOf(host);
  expect(places.get('m')).toEqual({ x: 0, y: shape(host).height + PART_DROP });
  expect(places.get('tool')?.x).toBe(184 + 24);
  expect(width).toBe(184 + 24 + 224);
  expect(height).toBe(shape(host).height + PART_DROP + 64);
});

it('leaves out what is not laid out', () => {
  const { inside } = partBlocks(graph, new Set(['host', 'tool']), shape, definitionOf);
  expect([...inside]).toEqual(['tool']);
});
