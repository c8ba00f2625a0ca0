import { describe, expect, it } from 'vitest';
import type { GraphCommand } from '#domain/graph/command.ts';
import { createDocument } from './document-store.ts';
import { EMPTY_HISTORY, recorded } from './history.ts';
import { testEdge, testGraph, testNode } from './testing.ts';

const open = () =>
  createDocument({ graph: testGraph([testNode('a'), testNode('b')], [testEdge(1, 'a', 'b')]) });
const sorted = (list: readonly { id: string | number }[]) => [...list].sort((x, y) => (x.id < y.id ? -1 : 1));

describe('undo and redo', () => {
  it('brings a removed node back with its settings and its edges', () => {
    const doc = open();
    const before = doc.store.getState().graph;
    doc.apply({ name: 'Delete 1 node', commands: [{ kind: 'remove_node', id: 'a' }] });
    expect(doc.store.getState().graph.edges).toHaveLength(0);
    expect(doc.undo()).toBe('Delete 1 node');
    const after = doc.store.getState().graph;
    expect(sorted(after.nodes)).toEqual(sorted(before.nodes));
    expect(after.edges).toEqual(before.edges);
  });

  it('takes a batch as one step and repeats it on redo', () => {
    const doc = open();
    const commands: GraphCommand[] = [
      { kind: 'add_node', node: testNode('c') },
      { kind: 'add_edge', edge: testEdge(2, 'b', 'c') },
    ];
    doc.apply({ name: 'Add', commands });
    doc.undo();
    expect(doc.store.getState().nodes.has('c')).toBe(false);
    doc.redo();
    expect(doc.store.getState().edges.has(2)).toBe(true);
    expect(doc.redo()).toBeNull();
  });

  it('tells the autosave of undo as of every other change', () => {
    const doc = open();
    const heard: GraphCommand[] = [];
    doc.onCommands((commands) => heard.push(...commands));
    doc.apply({ name: 'Move', commands: [{ kind: 'move_node', id: 'a', x: 8, y: 8 }] });
    doc.undo();
    expect(heard).toEqual([
      { kind: 'move_node', id: 'a', x: 8, y: 8 },
      { kind: 'move_node', id: 'a', x: 0, y: 0 },
    ]);
  });

  it('refuses a batch that does not fit and changes nothing', () => {
    const doc = open();
    const before = doc.store.getState();
    const commands: GraphCommand[] = [
      { kind: 'move_node', id: 'a', x: 1, y: 1 },
      { kind: 'remove_node', id: 'nobody' },
    ];
    expect(doc.apply({ name: 'Wrong', commands })).toBe(false);
    expect(doc.store.getState()).toBe(before);
  });

  it('keeps the identity of nodes that a change does not touch', () => {
    const doc = open();
    const before = doc.store.getState().nodes.get('b');
    doc.apply({ name: 'Move', commands: [{ kind: 'move_node', id: 'a', x: 8, y: 8 }] });
    expect(doc.store.getState().nodes.get('b')).toBe(before);
  });

  it('never hands out an edge id twice, even after undo', () => {
    const doc = open();
    doc.apply({ name: 'Connect', commands: [{ kind: 'add_edge', edge: testEdge(7, 'b', 'a') }] });
    doc.undo();
    expect(doc.store.getState().nextEdgeId).toBe(8);
  });
});

describe('a burst of typing', () => {
  const typed = (at: number) => ({
    name: 'Change Text',
    commands: [],
    inverse: [],
    mergeKey: 'config:a:text',
    at,
  });

  it('is one step while it goes on and another after a pause', () => {
    const first = recorded(EMPTY_HISTORY, typed(1000));
    const second = recorded(first, typed(1500));
    expect(second.past).toHaveLength(1);
    expect(recorded(second, typed(2200)).past).toHaveLength(2);
  });
});
