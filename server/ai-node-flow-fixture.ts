import { expect } from 'vitest';
import { chargeOf } from './ai-agent-flow-fixture.ts';
import type { Flow, FlowRow } from './ai-flow-fixture.ts';
import { SMALL_MODEL } from './ai-stage-fixture.ts';

const categories = [
  { name: 'billing', description: 'Questions about invoices' },
  { name: 'technical', description: 'Something does not work' },
];
const inner = (key: string, title: string, result: unknown, kind: string) => ({
  key,
  kind,
  title,
  tool_node: null,
  result,
});
const row = (flow: Flow): FlowRow => ({ type: flow.type, flow: () => flow });

/** Nodes that ask models themselves, and what is plugged into them besides tools. */
export const aiRows: readonly FlowRow[] = [
  row({
    type: 'agent',
    nodes: { work: ['agent', { system_prompt: 'Be brief.' }] },
    edges: [],
    script: [{ text: 'Hello.' }],
    charged: [chargeOf()],
    calls: [],
    answer: { output: 'Hello.' },
    told: [
      { role: 'system', content: expect.stringMatching(/^Be brief\./) },
      { role: 'user', content: 'Go.' },
    ],
  }),
  {
    type: 'ai_model',
    // Two nodes ask two models of one account; a third is asked when the first cannot answer.
    flow: ({ stage: { model } }) => {
      const [, config] = model;
      return {
        type: 'ai_model',
        nodes: {
          work: ['agent'],
          small: ['ai_model', { ...config, model_name: SMALL_MODEL.name }],
          second: ['agent'],
        },
        edges: ['work.output > second.messages', 'small.model > second.model'],
        script: [{ text: 'One.' }, { text: 'Two.' }],
        charged: [chargeOf(), chargeOf('second', SMALL_MODEL.name)],
        calls: [],
        answer: { output: 'Two.' },
      };
    },
  },
  row({
    type: 'deep_agent',
    nodes: {
      work: [
        'deep_agent',
        {
          enable_todos: true,
          subagents: [
            {
              name: 'reader',
              description: 'Reads.',
              system_prompt: 'You read.',
              model: SMALL_MODEL.name,
            },
          ],
        },
      ],
      sum: ['calculator'],
    },
    edges: ['sum.tool > work.tools'],
    script: [
      { toolCalls: [{ name: 'write_todos', args: { todos: [{ content: 'Read', status: 'in_progress' }] } }] },
      { toolCalls: [{ name: 'ask_subagent', args: { name: 'reader', task: 'Add 2 and 3.' } }] },
      { toolCalls: [{ name: 'calculator', args: { expression: '2 + 3' } }] },
      { text: 'It is 5.' },
      { text: 'Take it: 5.' },
    ],
    charged: [
      chargeOf(),
      chargeOf(),
      chargeOf('work', SMALL_MODEL.name),
      chargeOf('work', SMALL_MODEL.name),
      chargeOf(),
    ],
    calls: [
      inner('plan:1:0', 'To-do list', expect.anything(), 'plan'),
      { ...inner('tool:2:0/1:0', 'calculator', 5, 'tool'), tool_node: 'sum' },
      inner('agent:2:0', 'reader', expect.objectContaining({ result: 'It is 5.' }), 'tool'),
    ],
    answer: { output: 'Take it: 5.' },
  }),
  row({
    type: 'categorizer',
    nodes: {
      work: ['categorizer', { categories, system_prompt: 'Be strict.' }],
      billing: ['set', { mode: 'text', text: 'money' }],
      technical: ['set', { mode: 'text', text: 'printer' }],
    },
    edges: ['work.billing > billing.input', 'work.technical > technical.input'],
    script: [{ text: '{"category": "technical"}' }],
    charged: [chargeOf()],
    calls: [],
    answer: { node_outputs: { technical: { output: 'printer' } } },
    told: [
      {
        role: 'system',
        content: expect.stringMatching(/^Be strict\.[\s\S]*"billing": Questions about invoices/),
      },
      { role: 'user', content: 'Go.' },
    ],
  }),
  row({
    type: 'router',
    nodes: {
      work: ['router', { routes: [{ name: 'order' }, { name: 'return' }] }],
      order: ['set', { mode: 'text', text: 'in' }],
      back: ['set', { mode: 'text', text: 'back' }],
    },
    edges: ['work.order > order.input', 'work.return > back.input'],
    script: [{ text: 'return' }],
    charged: [chargeOf()],
    calls: [],
    answer: { node_outputs: { back: { output: 'back' } } },
  }),
  row({
    type: 'extractor',
    nodes: {
      work: ['extractor', { extraction_schema: { customer: 'string', total: 'number' } }],
    },
    edges: [],
    // The first answer does not fit; both are charged.
    script: [{ text: '{"customer": "Ada", "total": "12"}' }, { object: { customer: 'Ada', total: 12 } }],
    charged: [chargeOf(), chargeOf()],
    calls: [],
    answer: { node_outputs: { work: { extracted: { customer: 'Ada', total: 12 } } } },
  }),
  row({
    type: 'output_parser',
    nodes: {
      work: ['categorizer', { categories }],
      parser: ['output_parser', { parser_type: 'regex', pattern: 'Final: (?P<category>\\w+)' }],
      billing: ['set', { mode: 'text', text: 'money' }],
    },
    edges: ['parser.parser > work.output_parser', 'work.billing > billing.input'],
    script: [{ text: 'Not technical at all. Final: billing' }],
    charged: [chargeOf()],
    calls: [],
    answer: { node_outputs: { billing: { output: 'money' } } },
  }),
  row({
    type: 'skill',
    nodes: {
      work: ['agent'],
      skill: ['skill', { name: 'refund', description: 'Money back.', instructions: 'Ask for the receipt.' }],
    },
    edges: ['skill.skill > work.skills'],
    script: [{ toolCalls: [{ name: 'read_skill', args: { name: 'refund' } }] }, { text: 'Your receipt?' }],
    charged: [chargeOf(), chargeOf()],
    // Reading a skill has neither cost nor effect, so it is no recorded call.
    calls: [],
    answer: { output: 'Your receipt?' },
  }),
  row({
    type: 'memory',
    // Two agents share the conversation: the second is told what the first was asked and answered.
    nodes: { work: ['agent'], second: ['agent', { input_template: 'And you?' }], memory: ['memory'] },
    edges: [
      'memory.memory > work.memory',
      'memory.memory > second.memory',
      'model.model > second.model',
      'work.output > second.messages',
    ],
    script: [{ text: 'I am the first.' }, { text: 'I am the second.' }],
    charged: [chargeOf(), chargeOf('second')],
    calls: [],
    answer: { output: 'I am the second.' },
    told: [
      { role: 'user', content: 'Go.' },
      { role: 'assistant', content: 'I am the first.' },
      { role: 'user', content: 'And you?' },
    ],
  }),
];
