import { z } from 'zod';
import { MEMORY_KINDS } from '#domain/memory/request.ts';
import { defineNode } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

const config = z.object({
  memory_type: z
    .enum(MEMORY_KINDS)
    .default('facts')
    .describe(
      'Facts that were kept, what happened in earlier runs (episodes), how things are done (procedures).',
    )
    .meta({ title: 'Look in', field: { control: 'select', group: 'required' } }),
  key: z
    .string()
    .max(300)
    .default('')
    .describe('The name of a fact or a procedure. Spaces, underscores and hyphens are the same.')
    .meta({ title: 'Key', field: { control: 'template', group: 'common', placeholder: 'favourite drink' } }),
  query: z
    .string()
    .max(10_000)
    .default('')
    .describe(
      'Words to look for where nothing has the key. A text that arrives at the port Query wins over it.',
    )
    .meta({
      title: 'Query',
      field: { control: 'template', group: 'common', placeholder: '{{ trigger.text }}' },
    }),
  limit: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .describe('How much is given at most.')
    .meta({ title: 'At most', field: { group: 'common' } }),
  min_confidence: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Facts that are less sure than this are left out; from 0 to 1.')
    .meta({ title: 'Least confidence', field: { group: 'advanced' } }),
});

export const RECALL = toolFunction({
  name: 'recall',
  description:
    'Looks up what is remembered from earlier conversations and runs. Give a key where you know it, else a query in words; without either the newest memories are given.',
  parameters: z.object({
    key: z.string().max(300).default('').describe('The exact name of what was remembered, if you know it.'),
    query: z.string().max(10_000).default('').describe('Words that describe what you look for.'),
  }),
});

export const definition = defineNode({
  type: 'memory_read',
  title: 'Recall',
  summary: 'Looks up what was remembered in earlier runs.',
  icon: 'book-open',
  category: 'memory',
  effect: 'external',
  formatVersion: 1,
  config,
  tool: () => [RECALL],
  ports: () => ({
    inputs: [
      {
        name: 'query',
        type: 'string',
        label: 'Query',
        description: 'Words to look for; wins over the form.',
      },
    ],
    outputs: [
      { name: 'result', type: 'string', label: 'Text', description: 'What was found, one line each.' },
      {
        name: 'memories',
        type: 'array',
        label: 'Memories',
        description: 'The same as a list of { kind, key, value, confidence, at }, the best first.',
      },
    ],
  }),
  subtitle: ({ memory_type, key, query }) => key || query || memory_type,
  docs: `Looks for a **key** first, and where nothing has it for the words of key and **query**. Without either it gives the newest.
Plugged into an agent it offers \`recall(key, query)\`; as a step of its own it gives text and a list.

Seen are facts for everybody in this environment, those of this workflow, of the person the run talks to, and of the
conversation. Where several know the same key, the nearest comes first. Episodes and procedures are those of this
workflow.

**Example.** Plug *Recall* and *Remember* into an agent: it remembers what people prefer, and knows it the next time.

**When it goes wrong.**
- *Nothing is found*: the fact was kept for another person, or is less sure than *Least confidence*. Look at the page
  Memories.`,
});
