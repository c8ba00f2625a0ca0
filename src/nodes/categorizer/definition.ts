import { z } from 'zod';
import { choicePorts, choiceProblems, choices, FALLBACK } from '#domain/choice/choice-list.ts';
import { MESSAGES_PORT, modelPort, PARSER_PORT } from '#domain/node/ai-port.ts';
import { defineNode } from '#domain/node/definition.ts';

const TAKEN = ['category', 'raw', 'error', 'tool', FALLBACK];

const config = z
  .object({
    categories: choices
      .describe('What the message may be. The model sees the names and descriptions.')
      .meta({ title: 'Categories', field: { control: 'rows', group: 'required' } }),
    system_prompt: z
      .string()
      .max(100_000)
      .default('')
      .describe('Told to the model before the categories.')
      .meta({ title: 'Instructions', field: { control: 'template', group: 'common' } }),
    fallback: z
      .string()
      .max(100)
      .default('')
      .describe(
        `The category to take when the answer names none; ${FALLBACK} is the way “Otherwise”. Empty: the step fails.`,
      )
      .meta({ title: 'When none is named', field: { control: 'text', group: 'common' } }),
  })
  .superRefine(({ categories, fallback }, context) => {
    for (const { index, message } of choiceProblems(categories, TAKEN)) {
      context.addIssue({ code: 'custom', path: ['categories', index, 'name'], message });
    }
    if (fallback === '' || fallback === FALLBACK || categories.some(({ name }) => name === fallback)) return;
    const message = `There is no category “${fallback}”.`;
    context.addIssue({ code: 'custom', path: ['fallback'], message });
  });

export const definition = defineNode({
  type: 'categorizer',
  title: 'Categorizer',
  summary: 'Asks a model which category a message belongs to, and goes that way.',
  icon: 'tags',
  category: 'ai',
  effect: 'external',
  formatVersion: 1,
  timeoutMs: 300_000,
  apiFields: ['system_prompt'],
  config,
  ports: ({ categories, fallback }) => ({
    inputs: [MESSAGES_PORT, modelPort({ required: true }), PARSER_PORT],
    outputs: [
      ...choicePorts(categories, TAKEN, fallback === FALLBACK),
      {
        name: 'category',
        type: 'string',
        label: 'Category',
        description: 'The name of the category; always given.',
      },
      { name: 'raw', type: 'string', label: 'Answer', description: 'What the model wrote.' },
    ],
  }),
  subtitle: ({ categories }) => (categories.length === 1 ? '1 category' : `${categories.length} categories`),
  caution: ({ categories }) =>
    categories.length === 0 ? 'has no categories yet. Add what a message may be.' : null,
  docs: `Asks its **model** once which of the categories the last message belongs to. The messages leave by the port of that
category; every other way is skipped. **category** has its name either way.

The answer is read as JSON, then as a name alone, then for a name inside it. If no category, or more than one, is named, the
step takes *When none is named*, or fails: it never just takes the first.

**Example.** Categories *billing* (“Questions about invoices and payments”) and *technical*; each leads to an agent of its
own. *When none is named*: \`${FALLBACK}\`, which leads to a person.

**When it goes wrong.**
- *no_category*: the model named none of them. Describe the categories better, or choose what to take then.
- *no_model*: plug a Model into it.
- *Always the same category*: the descriptions say too little to tell them apart.`,
});
