import { expect, it } from 'vitest';
import { z } from 'zod';
import type { PortType } from '../graph/port-type.ts';
import { type AnyDefinition, defineNode } from '../node/definition.ts';
import { graphOf, renderReferences } from './flow-fixture.ts';
import { compile } from './plan.ts';
import { renderParts } from './render-parts.ts';

const type = (name: string, inputs: [string, PortType][], outputs: [string, PortType][]): AnyDefinition =>
  defineNode({
    type: name,
    title: name,
    summary: '',
    icon: 'box',
    category: 'data',
    effect: 'pure',
    formatVersion: 1,
    config: z.looseObject({}),
    docs: '',
    ...(name === 'start' && { trigger: 'manual' as const }),
    ports: () => ({
      inputs: inputs.map(([port, portType]) => ({ name: port, type: portType, many: portType === 'tool' })),
      outputs: outputs.map(([port, portType]) => ({ name: port, type: portType })),
    }),
  }) as AnyDefinition;

const types: Record<string, AnyDefinition> = {
  start: type('start', [], [['payload', 'any']]),
  agent: type(
    'agent',
    [
      ['input', 'any'],
      ['model', 'model'],
      ['tools', 'tool'],
    ],
    [
      ['output', 'any'],
      ['tool', 'tool'],
    ],
  ),
  model: type('model', [], [['model', 'model']]),
  request: type(
    'request',
    [['input', 'any']],
    [
      ['body', 'any'],
      ['tool', 'tool'],
    ],
  ),
};
const definitionOf = (name: string): AnyDefinition | undefined => types[name];

const nodes = {
  start: { type: 'start' },
  agent: { type: 'agent' },
  big: { type: 'model', config: { name: '{{ trigger.model }}' } },
  web: { type: 'request', label: 'Look it up', settings: { timeoutMs: 5 } },
};
const plugs = ['big.model > agent.model', 'web.tool > agent.tools'];

it('plans what is plugged in as parts of its host, not as steps', async () => {
  const graph = graphOf(nodes, ['start.payload > agent.input', ...plugs]);
  const plan = compile({ graph, triggerNode: 'start', definitionOf });
  expect(plan.nodes.map((node) => node.id)).toEqual(['start', 'agent']);
  expect(plan.edges).toHaveLength(1);
  const context = { trigger: { model: 'gpt' }, nodes: {}, inputs: {}, run: { id: 'r' } };
  expect(await renderParts(plan.byId.get('agent')?.parts ?? {}, context, renderReferences)).toEqual({
    model: [
      {
        id: 'big',
        type: 'model',
        title: 'big',
        slot: 'model',
        config: { name: 'gpt' },
        timeoutMs: 60_000,
        parts: {},
      },
    ],
    tools: [
      { id: 'web', type: 'request', title: 'Look it up', slot: 'tool', config: {}, timeoutMs: 5, parts: {} },
    ],
  });
});

it('lets a node be a step and a tool at once, and a part hold parts', () => {
  const graph = graphOf({ ...nodes, sub: { type: 'agent' }, small: { type: 'model' } }, [
    'start.payload > web.input',
    'web.body > agent.input',
    ...plugs,
    'sub.tool > agent.tools',
    'small.model > sub.model',
  ]);
  const plan = compile({ graph, triggerNode: 'start', definitionOf });
  expect(plan.nodes.map((node) => node.id)).toEqual(['start', 'web', 'agent']);
  const tools = plan.byId.get('agent')?.parts['tools'] ?? [];
  expect(tools.map((part) => part.node.id)).toEqual(['web', 'sub']);
  expect(tools[1]?.parts['model']?.map((part) => part.node.id)).toEqual(['small']);
});

it('gives a node that runs alone its parts', () => {
  const graph = graphOf(nodes, plugs);
  const plan = compile({ graph, triggerNode: 'start', only: 'agent', definitionOf });
  expect(Object.keys(plan.nodes[0]?.parts ?? {})).toEqual(['model', 'tools']);
});

it('refuses parts that are plugged into themselves', () => {
  const graph = graphOf({ ...nodes, sub: { type: 'agent' } }, [
    'start.payload > agent.input',
    'sub.tool > agent.tools',
    'agent.tool > sub.tools',
  ]);
  expect(() => compile({ graph, triggerNode: 'start', definitionOf })).toThrow('plugged into itself');
});
