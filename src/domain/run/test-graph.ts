import { z } from 'zod';
import type { Graph, GraphEdge, GraphNode, NodeSettings, Port } from '../graph/graph.ts';
import { DEFAULT_SETTINGS } from '../graph/graph.ts';
import type { AnyDefinition, DefinitionOf } from '../node/definition.ts';

const definition = (type: string, inputs: Port[], outputs: Port[], trigger?: 'manual'): AnyDefinition => ({
  type,
  title: type,
  summary: '',
  icon: 'box',
  category: 'data',
  effect: 'pure',
  config: z.looseObject({}),
  ports: () => ({ inputs, outputs }),
  formatVersion: 1,
  docs: '',
  ...(trigger && { trigger }),
});

const any = (name: string, many = false): Port => ({ name, type: 'any', many });

/** Node types for tests of the reducer: `t` trigger, `n` one in one out, `s` two ways out, `m` collects. */
const definitions: Record<string, AnyDefinition> = {
  t: definition('t', [], [any('payload')], 'manual'),
  n: definition('n', [any('in')], [any('out')]),
  s: definition('s', [any('in')], [any('p'), any('q')]),
  m: definition('m', [any('in', true)], [any('out')]),
  number: definition('number', [any('in')], [{ name: 'out', type: 'number' }]),
  text: definition('text', [{ name: 'in', type: 'string' }], [any('out')]),
};

export const definitionOf: DefinitionOf = (type) => definitions[type];

export function testNode(id: string, type: string, settings: Partial<NodeSettings> = {}): GraphNode {
  return { id, type, label: null, x: 0, y: 0, config: {}, settings: { ...DEFAULT_SETTINGS, ...settings } };
}

/** `'a -> b'` or `'a.port -> b.port'`; ids are the positions, counted from 1. */
export function testEdges(edges: readonly string[]): GraphEdge[] {
  return edges.map((text, index) => {
    const [from = '', to = ''] = text.split(' -> ');
    const [source = '', sourcePort = source === 't' ? 'payload' : 'out'] = from.split('.');
    const [target = '', targetPort = 'in'] = to.split('.');
    return { id: index + 1, source, sourcePort, target, targetPort, priority: 0 };
  });
}

export function testGraph(nodes: readonly GraphNode[], edges: readonly string[]): Graph {
  return { nodes: [testNode('t', 't'), ...nodes], edges: testEdges(edges) };
}
