import { describe, expect, it } from 'vitest';
import type { GraphCommand } from '#domain/graph/command.ts';
import { nodeKey } from '#domain/proposal/proposal.ts';
import { testEdge, testGraph, testNode } from '../document/testing.ts';
import type { Review } from './proposal-store.ts';
import { bothSides, marksOf, withFreeEdgeIds } from './review.ts';

const base = testGraph([testNode('a'), testNode('b')], [testEdge(1, 'a', 'b')]);
const commands: GraphCommand[] = [
  { kind: 'remove_edge', id: 1 },
  { kind: 'add_node', node: testNode('c') },
  { kind: 'add_edge', edge: testEdge(2, 'a', 'c') },
  { kind: 'remove_node', id: 'b' },
];
const review = (rejected: string[] = []): Review => ({
  ...{ stage: 'review', prompt: '', summary: '', tokens: 0, cost: 0, base, commands },
  rejected: new Set(rejected),
});

describe('the drawing of a proposed change', () => {
  it('shows what comes and what goes', () => {
    const { nodes, edges } = bothSides(review());
    expect(nodes.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c']);
    expect(edges.map(({ id }) => id).sort((a, b) => a - b)).toEqual([1, 2]);
    const marks = marksOf(review());
    expect(marks.nodes).toEqual({
      c: { kind: 'added', rejected: false },
      b: { kind: 'removed', rejected: false },
    });
    expect(marks.edges).toMatchObject({ 1: { kind: 'removed' }, 2: { kind: 'added' } });
  });

  it('marks the edges of a rejected node as rejected too', () => {
    const marks = marksOf(review([nodeKey('c'), nodeKey('b')]));
    expect(marks.nodes['c']?.rejected).toBe(true);
    expect(marks.edges).toMatchObject({ 1: { rejected: true }, 2: { rejected: true } });
  });
});

it('gives new edges ids that are free', () => {
  const [, , added] = withFreeEdgeIds(commands, 40);
  expect(added).toMatchObject({ kind: 'add_edge', edge: { id: 40 } });
});
