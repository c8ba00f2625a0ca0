import { describe, expect, it } from 'vitest';
import { applyCommands } from '#domain/graph/command.ts';
import { copyText, pasteCommands, readClipboard } from './clipboard.ts';
import { testDefinitionOf as definitionOf, testEdge, testGraph, testNode } from './testing.ts';

const graph = testGraph(
  [
    testNode('step_1'),
    testNode('step_2', 'step', {
      x: 300,
      config: { text: '{{ step_1.out.name }} and nodes["step_1"] and {{ nodes["step_1"].out }}' },
    }),
    testNode('other'),
  ],
  [testEdge(1, 'step_1', 'step_2'), testEdge(2, 'step_2', 'other')],
);

function pasted(at: { x: number; y: number } | null) {
  const read = readClipboard(copyText(graph, new Set(['step_1', 'step_2'])));
  if (!read) throw new Error('The text was not understood.');
  const { ids, commands } = pasteCommands({ graph, nextEdgeId: 10, definitionOf }, read, at);
  return { ids, graph: applyCommands(graph, commands) };
}

describe('copy and paste', () => {
  it('gives copies ids and titles of their own and keeps only the edges among them', () => {
    const { ids, graph: after } = pasted(null);
    expect(ids).toEqual(['step_3', 'step_4']);
    expect(after.nodes.map((node) => node.label)).toEqual([
      'step_1',
      'step_2',
      'other',
      'step_1 2',
      'step_2 2',
    ]);
    expect(after.edges.slice(2)).toEqual([{ ...testEdge(10, 'step_3', 'step_4') }]);
  });

  it('lets copies refer to each other, inside templates only', () => {
    const copy = pasted(null).graph.nodes.find((node) => node.id === 'step_4');
    expect(copy?.config['text']).toBe(
      '{{ step_3.out.name }} and nodes["step_1"] and {{ nodes["step_3"].out }}',
    );
  });

  it('puts the corner of the copies where the pointer is, on the grid', () => {
    const copies = pasted({ x: 101, y: 99 }).graph.nodes.slice(3);
    expect(copies.map(({ x, y }) => [x, y])).toEqual([
      [104, 96],
      [400, 96],
    ]);
  });

  it('leaves other text alone', () => {
    expect(readClipboard('hello')).toBeNull();
    expect(readClipboard('{"format":"something/else"}')).toBeNull();
    expect(readClipboard('{ broken')).toBeNull();
  });
});
