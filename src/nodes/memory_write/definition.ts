import { z } from 'zod';
import { FACT_TYPES, MEMORY_SCOPES } from '#domain/memory/request.ts';
import { defineNode } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

const config = z.object({
  key: z
    .string()
    .max(300)
    .default('')
    .describe('The name to remember it by. Spaces, underscores and hyphens are the same.')
    .meta({ title: 'Key', field: { control: 'template', group: 'common', placeholder: 'favourite drink' } }),
  value: z
    .json()
    .default('')
    .describe('What to remember. What arrives at the port Value wins over it.')
    .meta({ title: 'Value', field: { control: 'template', group: 'common' } }),
  fact_type: z
    .enum(FACT_TYPES)
    .default('world_knowledge')
    .describe('What kind of fact it is. An agent may choose another one for each.')
    .meta({ title: 'Kind of fact', field: { control: 'select', group: 'required' } }),
  overwrite: z
    .boolean()
    .default(true)
    .describe('Whether another value for a known key replaces the old one.')
    .meta({ title: 'Replace what is known', field: { group: 'common' } }),
  scope: z
    .enum(['auto', ...MEMORY_SCOPES])
    .default('auto')
    .describe(
      'For whom. auto: preferences and relationships for the person the run talks to, where that is known; everything else for all. What visitors of a chat page say is only for themselves.',
    )
    .meta({ title: 'Remember for', field: { control: 'select', group: 'common' } }),
  procedures: z
    .boolean()
    .default(false)
    .describe('Whether an agent may keep how things are done as well, with a function learn_procedure.')
    .meta({ title: 'Learn procedures', field: { group: 'advanced' } }),
  visitors_teach: z
    .boolean()
    .default(false)
    .describe(
      'Whether it keeps procedures from visitors of a chat page, people behind a bot and callers of an open webhook, too. It then follows them for everybody.',
    )
    .meta({
      title: 'Visitors may teach',
      field: { group: 'advanced', when: { field: 'procedures', in: [true] } },
    }),
});

const key = z
  .string()
  .min(1)
  .max(200)
  .describe('A short name to find it by, such as “favourite drink”. The same name again updates it.');

const LEARN = toolFunction({
  name: 'learn_procedure',
  description:
    'Keeps how something is done, so that it can be done the same way the next time. Look it up again with recall.',
  parameters: z.object({
    name: key,
    description: z.string().max(2_000).describe('When to use it, in a sentence.'),
    steps: z.array(z.string().max(2_000)).min(1).max(50).describe('What to do, in order.'),
  }),
});

export const definition = defineNode({
  type: 'memory_write',
  title: 'Remember',
  summary: 'Keeps a fact for later runs.',
  icon: 'book-marked',
  category: 'memory',
  effect: 'external',
  formatVersion: 1,
  config,
  tool: ({ fact_type, procedures }) => [
    toolFunction({
      name: 'remember',
      description:
        'Keeps a fact for later conversations and runs. Use it for what will still be useful then. Never keep passwords or keys.',
      parameters: z.object({
        key,
        value: z.unknown().describe('What to remember: text, or JSON.'),
        fact_type: z.enum(FACT_TYPES).default(fact_type).describe('What kind of fact it is.'),
      }),
    }),
    ...(procedures ? [LEARN] : []),
  ],
  ports: () => ({
    inputs: [
      { name: 'value', type: 'any', label: 'Value', description: 'What to remember; wins over the form.' },
    ],
    outputs: [
      {
        name: 'result',
        type: 'string',
        label: 'Result',
        description: 'What came of it: created, confirmed, replaced or kept.',
      },
    ],
  }),
  subtitle: ({ key: name, fact_type }) => name || fact_type.replaceAll('_', ' '),
  docs: `Keeps a value under a **key**. The same value again confirms the fact and makes it surer; another one replaces it, unless
*Replace what is known* is off. Plugged into an agent it offers \`remember(key, value, fact_type)\`.

Facts are for all workflows of this environment. Preferences and relationships belong to the person the run talks to,
where that is known: whoever is signed in, a visitor of the chat page, or whom *Identify user* found. What is learned
from a visitor of the chat page is only for that visitor, unless *Remember for* says otherwise.

**Example.** Key \`favourite drink\`, value \`{{ nodes.extract.output.drink }}\`; later *Recall* with the same key.

**When it goes wrong.**
- *bad_memory: Give the key*: the key is empty, perhaps because its template found nothing.
- *bad_memory: This is too much*: a fact holds 64 kB. Keep a summary.
- *bad_memory: Nobody knows who this run talks to*: *Remember for* is user. Put *Identify user* before it.`,
});
