import { describe, expect, it } from 'vitest';
import { applyCommands } from '#domain/graph/command.ts';
import {
  addNodeAtEnd,
  addNodeBeside,
  type Editable,
  insertOnEdge,
  type LooseEnd,
  refusalOf,
} from './edit.ts';
import { PART_DROP, rectOf, shapeOf } from './geometry.ts';
import { testDefinitionOf as definitionOf, testEdge, testGraph, testNode } from './testing.ts';

const must = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('Expected a value.');
  return value;
};
const doc = (graph: Editable['graph']): Editable => ({ graph, nextEdgeId: 9, definitionOf });
const slot = (port: string): LooseEnd => ({ node: 'host', port, side: 'input' });
const [model, both, step] = ['model', 'both', 'step'].map((type) => must(definitionOf(type)));

describe('the card of a node with slots', () => {
  it('has its slots on the lower border and what flows at its sides', () => {
    const { inputs, outputs, height, width } = shapeOf(testNode('host', 'host'), definitionOf);
    const at = (name: string) => must(inputs.find(({ port }) => port.name === name));
    expect(at('in')).toMatchObject({ border: 'left', x: 0 });
    expect(at('model')).toMatchObject({ border: 'bottom', y: height, x: width / 4 });
    expect(at('tools')).toMatchObject({ border: 'bottom', y: height, x: (width * 3) / 4 });
    expect(outputs).toMatchObject([{ border: 'right', x: width }]);
  });

  it('has the diamond of a part on the upper border, and a step keeps its sides', () => {
    expect(shapeOf(testNode('m', 'model'), definitionOf).outputs).toMatchObject([{ border: 'top', y: 0 }]);
    const { inputs, outputs, height } = shapeOf(testNode('b', 'both'), definitionOf);
    expect(inputs).toMatchObject([{ border: 'left', y: 32, labelled: false }]);
    expect(outputs).toMatchObject([{ border: 'right', y: 32, labelled: false }, { border: 'top' }]);
    expect(height).toBe(64);
  });
});

describe('plugging in', () => {
  const graph = testGraph([testNode('host', 'host', { x: 320, y: 80 })]);

  it('puts a part below its slot, connected', () => {
    const { id, commands } = addNodeAtEnd(doc(graph), must(model), slot('model'), { x: 0, y: 0 });
    const after = applyCommands(graph, commands);
    expect(after.edges).toMatchObject([
      { source: id, sourcePort: 'model', target: 'host', targetPort: 'model' },
    ]);
    const host = rectOf(must(after.nodes[0]), definitionOf);
    expect(must(after.nodes[1]).y).toBe(host.y + host.height + PART_DROP);
  });

  it('puts the next part right of the last', () => {
    const once = applyCommands(
      graph,
      addNodeAtEnd(doc(graph), must(both), slot('tools'), { x: 0, y: 0 }).commands,
    );
    const again = { ...doc(once), nextEdgeId: 10 };
    const twice = applyCommands(
      once,
      addNodeAtEnd(again, must(both), slot('tools'), { x: 0, y: 0 }).commands,
    );
    const [, first, second] = twice.nodes.map((node) => rectOf(node, definitionOf));
    expect(must(second).y).toBe(must(first).y);
    expect(must(second).x).toBeGreaterThan(must(first).x + must(first).width);
  });

  it('finds the slot by itself beside a host, and beside what is plugged into it', () => {
    const beside = addNodeBeside(doc(graph), must(model), must(graph.nodes[0]));
    const plugged = applyCommands(graph, beside.commands);
    expect(plugged.edges).toMatchObject([{ target: 'host', targetPort: 'model' }]);
    const part = must(plugged.nodes[1]);
    const next = applyCommands(
      plugged,
      addNodeBeside({ ...doc(plugged), nextEdgeId: 10 }, must(both), part).commands,
    );
    expect(next.edges[1]).toMatchObject({ target: 'host', targetPort: 'tools' });
  });

  it('puts a host above the part it is drawn from', () => {
    const alone = testGraph([testNode('m', 'model', { x: 0, y: 400 })]);
    const end: LooseEnd = { node: 'm', port: 'model', side: 'output' };
    const after = applyCommands(
      alone,
      addNodeAtEnd(doc(alone), must(definitionOf('host')), end, { x: 0, y: 0 }).commands,
    );
    expect(must(after.nodes[1]).y).toBeLessThan(400 - PART_DROP);
  });

  it('says why the wrong part is refused', () => {
    const two = testGraph([testNode('host', 'host'), testNode('m', 'model'), testNode('s', 'step')]);
    expect(refusalOf(two, slot('tools'), { node: 'm' }, definitionOf)).toMatch(
      /gives model, but .* takes tool/,
    );
    expect(refusalOf(two, slot('tools'), { node: 's' }, definitionOf)).toMatch(
      /Slots \(diamonds\) only take/,
    );
  });

  it('moves what is plugged in along when room is made for another step', () => {
    const row = testGraph(
      [testNode('a'), testNode('host', 'host', { x: 260 }), testNode('m', 'model', { x: 260, y: 240 })],
      [testEdge(1, 'a', 'host'), testEdge(2, 'm.model', 'host.model')],
    );
    const { commands } = must(insertOnEdge(doc(row), must(step), must(row.edges[0])));
    const after = applyCommands(row, commands);
    const shift = must(after.nodes.find(({ id }) => id === 'host')).x - 260;
    expect(shift).toBeGreaterThan(0);
    expect(must(after.nodes.find(({ id }) => id === 'm')).x - 260).toBe(shift);
  });
});
