import { describe, expect, it } from 'vitest';
import type { GraphCommand } from '#domain/graph/command.ts';
import { beginsWith, rebase } from './rebase.ts';
import { testEdge, testGraph, testNode } from './testing.ts';

const base = testGraph(
  [testNode('a', 'step', { config: { text: 'old', url: 'x' } }), testNode('b')],
  [testEdge(1, 'a', 'b')],
);
const config = (id: string, value: Record<string, string>): GraphCommand => ({
  kind: 'update_node',
  id,
  config: value,
});
const label = (id: string, text: string): GraphCommand => ({ kind: 'update_node', id, label: text });

describe('rebase', () => {
  it('merges changes of different fields of one node', () => {
    const done = rebase(
      base,
      [config('a', { text: 'theirs', url: 'x' })],
      [config('a', { text: 'old', url: 'mine' })],
    );
    expect(done.conflicts).toEqual([]);
    expect(done.graph.nodes[0]?.config).toEqual({ text: 'theirs', url: 'mine' });
    expect(done.pending).toEqual([config('a', { text: 'theirs', url: 'mine' })]);
  });

  it('names the field both sides changed', () => {
    const done = rebase(
      base,
      [config('a', { text: 'theirs', url: 'x' })],
      [config('a', { text: 'mine', url: 'x' })],
    );
    expect(done.conflicts).toEqual(['node:a/config/text']);
  });

  it('calls it a conflict when they removed the node that was changed here', () => {
    expect(rebase(base, [{ kind: 'remove_node', id: 'a' }], [label('a', 'Mine')]).conflicts).toEqual([
      'node:a/label',
    ]);
  });

  it('gives an edge with a doubled id a new one and keeps both', () => {
    const theirs: GraphCommand = { kind: 'add_edge', edge: testEdge(2, 'a', 'b') };
    const mine: GraphCommand = { kind: 'add_edge', edge: testEdge(2, 'b', 'a') };
    const done = rebase(base, [theirs], [mine]);
    expect(done.conflicts).toEqual([]);
    expect(done.graph.edges.map((edge) => edge.id)).toEqual([1, 2, 3]);
  });

  it('drops an edge whose node the others removed', () => {
    const done = rebase(
      base,
      [{ kind: 'remove_node', id: 'b' }],
      [{ kind: 'add_edge', edge: testEdge(2, 'a', 'b') }],
    );
    expect(done.pending).toEqual([]);
    expect(done.graph.edges).toEqual([]);
  });
});

describe('beginsWith', () => {
  it('knows its own batch again, whatever the order of keys', () => {
    const sent: GraphCommand[] = [{ kind: 'move_node', id: 'a', x: 1, y: 2 }];
    const stored = [{ y: 2, x: 1, id: 'a', kind: 'move_node' }, label('b', 'Theirs')] as GraphCommand[];
    expect(beginsWith(stored, sent)).toBe(true);
    expect(beginsWith([label('b', 'Theirs')], sent)).toBe(false);
  });
});
