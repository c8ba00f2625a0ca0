import { describe, expect, it } from 'vitest';
import { applyCommands } from '#domain/graph/command.ts';
import { addNodeBeside, insertOnEdge, newNode, refusalOf, removal, typeFits } from './edit.ts';
import { freePlace } from './geometry.ts';
import { testDefinitionOf as definitionOf, testEdge, testGraph, testNode } from './testing.ts';

const must = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('Expected a value.');
  return value;
};
const step = must(definitionOf('step'));
const count = must(definitionOf('count'));

it('writes into a new node what a stored one would otherwise mean differently', () => {
  const node = newNode({ ...step, starter: { text: 'here' } }, testGraph([]), { x: 0, y: 0 });
  expect(node.config).toMatchObject({ text: 'here' });
});

describe('adding beside', () => {
  it('connects when exactly one output fits', () => {
    const graph = testGraph([testNode('a')]);
    const { id, commands } = addNodeBeside(
      { graph, nextEdgeId: 5, definitionOf },
      step,
      must(graph.nodes[0]),
    );
    const after = applyCommands(graph, commands);
    expect(after.edges).toEqual([testEdge(5, 'a', id)]);
    expect(must(after.nodes[1]).x).toBeGreaterThan(224);
  });

  it('leaves the choice to the person when several fit', () => {
    const graph = testGraph([testNode('a', 'count')]);
    expect(
      addNodeBeside({ graph, nextEdgeId: 5, definitionOf }, step, must(graph.nodes[0])).commands,
    ).toHaveLength(1);
  });

  it('never covers another card', () => {
    const graph = testGraph([testNode('a'), testNode('b', 'step', { x: 304 })]);
    const place = freePlace(graph, { x: 300, y: 3, width: 224, height: 64 }, definitionOf);
    expect(place).toEqual({ x: 304, y: 88 });
  });
});

describe('inserting on an edge', () => {
  it('replaces the edge by two and makes room', () => {
    const graph = testGraph([testNode('a'), testNode('b', 'step', { x: 304 })], [testEdge(1, 'a', 'b')]);
    const done = must(insertOnEdge({ graph, nextEdgeId: 2, definitionOf }, step, must(graph.edges[0])));
    const after = applyCommands(graph, done.commands);
    expect(after.edges.map(({ source, target }) => [source, target])).toEqual([
      ['a', done.id],
      [done.id, 'b'],
    ]);
    const added = must(after.nodes.find((node) => node.id === done.id));
    expect(added.y).toBe(0);
    expect(must(after.nodes[1]).x).toBeGreaterThanOrEqual(added.x + 224);
  });
});

describe('what fits a loose end', () => {
  it('asks the same function that refuses edges', () => {
    const doc = { graph: testGraph([testNode('s', 'start')]), nextEdgeId: 1, definitionOf };
    const end = { node: 's', port: 'payload', side: 'output' } as const;
    expect(typeFits(doc, step, end)).toBe(true);
    expect(typeFits(doc, count, end)).toBe(false);
    expect(typeFits(doc, must(definitionOf('start')), end)).toBe(false);
  });
});

describe('why an edge may not be drawn', () => {
  const graph = testGraph([testNode('s', 'start'), testNode('c', 'count'), testNode('a')]);
  const end = { node: 's', port: 'payload', side: 'output' } as const;

  it('speaks of the whole card when no port is meant', () => {
    expect(refusalOf(graph, end, { node: 'c' }, definitionOf)).toContain('Type mismatch');
    expect(refusalOf(graph, end, { node: 'a' }, definitionOf)).toBeNull();
  });
});

describe('removing', () => {
  it('does not remove an edge twice that goes with its node', () => {
    const graph = testGraph([testNode('a'), testNode('b')], [testEdge(1, 'a', 'b')]);
    const commands = removal(graph, new Set(['a']), new Set([1]));
    expect(applyCommands(graph, commands)).toEqual({ nodes: [testNode('b')], edges: [] });
  });
});
