import { z } from 'zod';
import type { Port, PortSet } from '../graph/graph.ts';

/** When a person is asked before a tool is called. */
export const ASK_BEFORE = ['never', 'destructive', 'always'] as const;
export type AskBefore = (typeof ASK_BEFORE)[number];

/** Config fields that both kinds of agent have. */
export const agentFields = {
  system_prompt: z
    .string()
    .max(200_000)
    .default('')
    .describe('Who the agent is, what it is to do and what it must not do.')
    .meta({ title: 'Instructions', field: { control: 'template', group: 'required' } }),
  input_template: z
    .string()
    .max(200_000)
    .nullish()
    .describe('The only message the agent gets, instead of what arrives. Empty: what arrives.')
    .meta({
      title: 'Message',
      field: { control: 'template', group: 'common', placeholder: '{{ trigger.text }}' },
    }),
  conversation_memory: z
    .boolean()
    .default(false)
    .describe('The agent remembers the conversation from run to run.')
    .meta({ title: 'Remember the conversation', field: { group: 'common' } }),
  ask_before: z
    .enum(ASK_BEFORE)
    .default('never')
    .describe(
      'Whether a person is asked before tools are called: never, before those that change or delete, always.',
    )
    .meta({ title: 'Ask before tools', field: { control: 'select', group: 'common' } }),
  max_steps: z
    .int()
    .min(1)
    .max(200)
    .default(25)
    .describe('How often the model is asked at most.')
    .meta({ title: 'Most steps', field: { group: 'advanced' } }),
  max_tool_calls: z
    .int()
    .min(0)
    .max(500)
    .default(50)
    .describe('How many tools are called at most.')
    .meta({ title: 'Most tool calls', field: { group: 'advanced' } }),
  max_wall_time: z
    .int()
    .min(1)
    .max(86_000)
    .nullish()
    .describe('Seconds of work at most, without the time it waits for people and other runs; 7200 if empty.')
    .meta({ title: 'Longest work', field: { group: 'advanced' } }),
  inactivity_timeout: z
    .int()
    .min(1)
    .max(86_000)
    .nullish()
    .describe('Seconds a single answer or tool call may take at most; 600 if empty.')
    .meta({ title: 'Longest silence', field: { group: 'advanced' } }),
  context_window: z
    .int()
    .min(1_000)
    .max(10_000_000)
    .nullish()
    .describe('Tokens the model can read at once. Empty: by the name of the model, else 128000.')
    .meta({ title: 'Context window', field: { group: 'advanced' } }),
  compacting: z
    .enum(['none', 'summarize'])
    .nullable()
    .default('none')
    .describe('What becomes of the beginning of a conversation that grows long: left out, or summarised.')
    .meta({ title: 'Long conversations', field: { control: 'select', group: 'advanced' } }),
  compacting_trigger: z
    .int()
    .min(1)
    .max(100)
    .nullish()
    .describe('Percent of the context window from which on is summarised; 70 if empty.')
    .meta({
      title: 'Summarise from',
      field: { group: 'advanced', when: { field: 'compacting', in: ['summarize'] } },
    }),
  compacting_keep: z
    .int()
    .min(1)
    .max(1_000)
    .nullish()
    .describe('How many of the newest messages stay as they are; 20 if empty.')
    .meta({
      title: 'Messages to keep',
      field: { group: 'advanced', when: { field: 'compacting', in: ['summarize'] } },
    }),
};

const agentConfig = z.object(agentFields);
export type AgentConfig = z.output<typeof agentConfig>;

const slots: readonly Port[] = [
  {
    name: 'model',
    type: 'model',
    label: 'Model',
    description: 'The model that thinks for it.',
    required: true,
  },
  { name: 'tools', type: 'tool', label: 'Tools', description: 'What it may use.', many: true },
  {
    name: 'memory',
    type: 'memory',
    label: 'Memory',
    description: 'How much of a conversation it remembers.',
  },
  {
    name: 'skills',
    type: 'skill',
    label: 'Skills',
    description: 'Instructions it reads when it needs them.',
    many: true,
  },
];

export const agentPorts: PortSet = {
  inputs: [
    {
      name: 'messages',
      type: 'messages',
      label: 'Messages',
      description: 'What the agent is to answer: text, a message or a conversation.',
      required: true,
    },
    ...slots,
  ],
  outputs: [
    {
      name: 'messages',
      type: 'messages',
      label: 'Messages',
      description: 'The conversation with the answer at its end.',
    },
    { name: 'output', type: 'string', label: 'Answer', description: 'What the agent answered at last.' },
  ],
};

/** Milliseconds: the longest wall time an agent may be given, and some more to end in good order. */
export const AGENT_TIMEOUT_MS = 86_400_000;
