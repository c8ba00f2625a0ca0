import { z } from 'zod';
import type { GraphCommand } from '#domain/graph/command.ts';
import { DEFAULT_SETTINGS, type Graph, type GraphEdge } from '#domain/graph/graph.ts';
import { type DefinitionOf, defineNode } from '#domain/node/definition.ts';

export type TestNode = Extract<GraphCommand, { kind: 'add_node' }>['node'];

/** A trigger without inputs, a step with one of each, one that only takes numbers, and parts with a host. */
const base = {
  summary: '',
  icon: 'box',
  effect: 'pure',
  formatVersion: 1,
  docs: '',
  category: 'data',
} as const;
const types = {
  start: defineNode({
    ...base,
    type: 'start',
    title: 'Start',
    trigger: 'manual',
    config: z.object({}),
    ports: () => ({ inputs: [], outputs: [{ name: 'payload', type: 'object' }] }),
  }),
  step: defineNode({
    ...base,
    type: 'step',
    title: 'Step',
    config: z.object({ text: z.string().default('') }),
    ports: () => ({ inputs: [{ name: 'in', type: 'any' }], outputs: [{ name: 'out', type: 'any' }] }),
  }),
  count: defineNode({
    ...base,
    type: 'count',
    title: 'Count',
    config: z.object({}),
    ports: () => ({
      inputs: [{ name: 'in', type: 'number' }],
      outputs: [
        { name: 'a', type: 'number' },
        { name: 'b', type: 'number' },
      ],
    }),
  }),
  host: defineNode({
    ...base,
    type: 'host',
    title: 'Host',
    category: 'ai',
    config: z.object({}),
    ports: () => ({
      inputs: [
        { name: 'in', type: 'any' },
        { name: 'model', type: 'model', label: 'Model', required: true },
        { name: 'tools', type: 'tool', label: 'Tools', many: true },
      ],
      outputs: [{ name: 'out', type: 'any' }],
    }),
  }),
  model: defineNode({
    ...base,
    type: 'model',
    title: 'Model',
    category: 'ai',
    isPart: true,
    config: z.object({}),
    ports: () => ({ inputs: [], outputs: [{ name: 'model', type: 'model' }] }),
  }),
  /** A step that may as well be plugged in. */
  both: defineNode({
    ...base,
    type: 'both',
    title: 'Both',
    category: 'tool',
    config: z.object({}),
    tool: () => [],
    ports: () => ({ inputs: [{ name: 'in', type: 'any' }], outputs: [{ name: 'out', type: 'any' }] }),
  }),
};

export const testDefinitionOf = ((type: string) => types[type as keyof typeof types]) as DefinitionOf;

export function testNode(
  id: string,
  type: keyof typeof types = 'step',
  more: Partial<TestNode> = {},
): TestNode {
  return { id, type, label: id, x: 0, y: 0, config: {}, settings: DEFAULT_SETTINGS, ...more };
}

export function testEdge(id: number, from: string, to: string): GraphEdge {
  const [source = '', sourcePort = 'out'] = from.split('.');
  const [target = '', targetPort = 'in'] = to.split('.');
  return { id, source, sourcePort, target, targetPort, priority: 0 };
}

export const testGraph = (nodes: TestNode[], edges: GraphEdge[] = []): Graph => ({ nodes, edges });
