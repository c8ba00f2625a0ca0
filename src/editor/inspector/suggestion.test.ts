import { describe, expect, it } from 'vitest';
import { testDefinitionOf, testEdge, testGraph, testNode } from '../document/testing.ts';
import { suggestionsFor } from './suggestion.ts';

const graph = testGraph(
  [testNode('start', 'start'), testNode('a'), testNode('b'), testNode('later')],
  [testEdge(1, 'start.payload', 'a'), testEdge(2, 'a', 'b'), testEdge(3, 'b', 'later')],
);

describe('suggestions', () => {
  it('offers what comes before the node, nearest first, and nothing that comes after', () => {
    const sample = { trigger: { body: { name: 'Ada' } }, nodes: {} };
    const paths = suggestionsFor(graph, 'b', sample, testDefinitionOf).map((one) => one.path);
    expect(paths).toEqual(['trigger.body', 'trigger.body.name', 'a.out']);
  });

  it('looks into the values of the last run and quotes keys that are no names', () => {
    const sample = { trigger: null, nodes: { a: { out: { items: [{ 'a b': 1 }] } } } };
    const found = suggestionsFor(graph, 'b', sample, testDefinitionOf);
    expect(found.map((one) => one.path)).toContain('a.out.items[0]["a b"]');
    expect(found.find((one) => one.path === 'a.out.items')?.detail).toBe('1 items');
  });
});
