import { z } from 'zod';
import { choicePorts, choiceProblems, choices, FALLBACK } from '#domain/choice/choice-list.ts';
import { modelPort, PARSER_PORT } from '#domain/node/ai-port.ts';
import { defineNode } from '#domain/node/definition.ts';

const TAKEN = ['route', 'raw', 'error', 'tool', FALLBACK];

const config = z
  .object({
    routes: choices
      .describe('The ways there are.')
      .meta({ title: 'Routes', field: { control: 'rows', group: 'required' } }),
    condition_field: z
      .string()
      .max(500)
      .default('route')
      .describe('Where the name of the route is: a dotted path into the input, or such as trigger.body.kind.')
      .meta({ title: 'Route is in', field: { control: 'text', group: 'required', placeholder: 'route' } }),
    condition_expression: z
      .string()
      .max(1000)
      .nullish()
      .transform((text) => text ?? '')
      .describe(
        "Wins over the field: a path such as trigger.body.kind, or a comparison such as trigger.body.kind == 'urgent'.",
      )
      .meta({ title: 'Condition', field: { control: 'text', group: 'common' } }),
    system_prompt: z
      .string()
      .max(100_000)
      .default('')
      .describe('Told to the model before the routes.')
      .meta({ title: 'Instructions', field: { control: 'template', group: 'common' } }),
    enable_fallback: z
      .boolean()
      .default(false)
      .describe('Adds the way “Otherwise”, taken when no route fits.')
      .meta({ title: 'Otherwise', field: { group: 'common' } }),
  })
  .superRefine(({ routes }, context) => {
    for (const { index, message } of choiceProblems(routes, TAKEN)) {
      context.addIssue({ code: 'custom', path: ['routes', index, 'name'], message });
    }
  });

export const definition = defineNode({
  type: 'router',
  title: 'Router',
  summary: 'Goes the way that a value names, or that a model chooses.',
  icon: 'route',
  category: 'ai',
  effect: 'external',
  formatVersion: 1,
  timeoutMs: 300_000,
  verbatim: ['condition_field', 'condition_expression'],
  apiFields: ['system_prompt'],
  config,
  ports: ({ routes, enable_fallback }) => ({
    inputs: [
      {
        name: 'messages',
        type: 'any',
        label: 'Input',
        description: 'A conversation for a model to look at, or any value for the rule.',
        required: true,
      },
      modelPort({ required: false }),
      PARSER_PORT,
    ],
    outputs: [
      ...choicePorts(routes, TAKEN, enable_fallback),
      { name: 'route', type: 'string', label: 'Route', description: 'The name of the route; always given.' },
    ],
  }),
  subtitle: ({ routes, condition_expression, condition_field }) =>
    String(condition_expression || condition_field || `${routes.length} routes`).slice(0, 60),
  docs: `Sends its input down one of its routes; the other ways are skipped.

- **Without a model** the rule names the route: *Route is in* is a path into the input (\`kind\`) or from the whole run
  (\`trigger.body.kind\`, \`categorizer.category\`). A *Condition* wins: a path, or \`path == 'text'\`, whose route is that text
  where it holds. A text that arrives is the name of the route itself where the path leads nowhere.
- **With a model** in its slot the model chooses among the routes by their descriptions.

A name that is none of the routes takes **Otherwise** where there is one; else nothing after it runs, and **route** tells.

**Example.** Route is in \`trigger.body.kind\`, routes *order* and *return*.

**When it goes wrong.**
- *Nothing runs after it*: **route** in its output shows what the value was. Add it to the routes, or switch on Otherwise.
- *no_route*: the model named none of the routes. Describe them better, or switch on Otherwise.`,
});
