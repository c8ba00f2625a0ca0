import { describe, expect, it } from 'vitest';
import type { Graph } from '#domain/graph/graph.ts';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { definitionOf } from '#nodes/definitions.ts';
import { inputsIn, problemsUpTo, triggersOf } from './debug-run.ts';

const node = (id: string, type: string) => ({
  ...{ id, type, label: null, x: 0, y: 0, config: {}, settings: DEFAULT_SETTINGS },
});
const edge = (id: number, source: string, sourcePort: string, target: string, targetPort: string) => ({
  ...{ id, source, sourcePort, target, targetPort, priority: 0 },
});
const graph: Graph = {
  nodes: [
    ...[node('web', 'trigger_webhook'), node('hand', 'trigger_manual')],
    ...[node('loop', 'loop'), node('work', 'set'), node('after', 'reply')],
  ],
  edges: [
    edge(1, 'web', 'body', 'loop', 'items'),
    edge(2, 'loop', 'loop_body', 'work', 'input'),
    edge(3, 'work', 'output', 'loop', 'loop_return'),
    edge(4, 'loop', 'results', 'after', 'input'),
  ],
};
const problem = (nodeId: string) => ({ level: 'error', code: 'x', nodeId, message: nodeId }) as const;

describe('a run up to a node', () => {
  it('starts at a trigger that leads there', () => {
    expect(triggersOf(graph, 'after', definitionOf)).toEqual(['web']);
    expect(triggersOf(graph, 'hand', definitionOf)).toEqual(['hand']);
  });

  it('is not kept back by faults behind the node', () => {
    const problems = [problem('loop'), problem('work'), problem('after')];
    expect(problemsUpTo(problems, graph, 'loop', definitionOf).map((one) => one.nodeId)).toEqual(['loop']);
    expect(problemsUpTo(problems, graph, 'after', definitionOf).map((one) => one.nodeId)).toEqual([
      'loop',
      'after',
    ]);
  });
});

describe('the input of an earlier run', () => {
  it('is the last that arrived, if values were kept', () => {
    const logs = [
      { node_id: 'a', input: { input: 1 } },
      { node_id: 'a', input: { input: 2 } },
    ];
    expect(inputsIn(logs, 'a')).toEqual({ input: 2 });
    expect(inputsIn(logs, 'b')).toBeNull();
    expect(inputsIn([{ node_id: 'a', input: null }], 'a')).toBeNull();
  });
});
