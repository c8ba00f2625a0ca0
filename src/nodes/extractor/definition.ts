import { z } from 'zod';
import { MESSAGES_PORT, modelPort, PARSER_PORT } from '#domain/node/ai-port.ts';
import { defineNode } from '#domain/node/definition.ts';

const config = z.object({
  extraction_schema: z
    .union([z.record(z.string(), z.json()), z.string().max(200_000)])
    .default({})
    .describe(
      'A JSON Schema of an object, or simply { "name": "string", "total": "number", "note": "what it is" }.',
    )
    .meta({
      title: 'What to extract',
      field: { control: 'json', group: 'required', placeholder: '{ "name": "string", "total": "number" }' },
    }),
  system_prompt: z
    .string()
    .max(100_000)
    .default('')
    .describe('What the model should know about the text.')
    .meta({ title: 'Instructions', field: { control: 'template', group: 'common' } }),
});

export const definition = defineNode({
  type: 'extractor',
  title: 'Extractor',
  summary: 'Asks a model for the data in a text, in a form of your choice.',
  icon: 'text-search',
  category: 'ai',
  effect: 'external',
  formatVersion: 1,
  timeoutMs: 300_000,
  apiFields: ['system_prompt'],
  config,
  ports: () => ({
    inputs: [MESSAGES_PORT, modelPort({ required: true }), PARSER_PORT],
    outputs: [
      {
        name: 'extracted',
        type: 'object',
        label: 'Extracted',
        description: 'The data; it fits what was asked for.',
      },
    ],
  }),
  subtitle: ({ extraction_schema }) => fieldsOf(extraction_schema).join(', ').slice(0, 60) || 'no fields yet',
  docs: `Asks its **model** to fill in a form from the last message. The result always fits the form: an answer that does not
is sent back once with what is wrong, and fails the step if it is wrong again.

**What to extract** is a JSON Schema whose type is object, or the short form: a name and a type (\`string\`, \`number\`,
\`integer\`, \`boolean\`, \`array\`, \`object\`), or any other words, which make it a text so described. All fields of the short
form are asked for, and are null where the text does not say.

**Example.** \`{ "customer": "string", "total": "number", "due": "the due date as YYYY-MM-DD" }\` gives
\`{{ extractor.extracted.total }}\`.

**When it goes wrong.**
- *bad_schema*: the form is empty or no schema; the message says what is wrong.
- *extraction_failed*: the model twice gave something else. Describe the fields, or use a more capable model.
- *no_model*: plug a Model into it.`,
});

/** The names of the fields, as far as they can be read. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties = Reflect.get(schema, 'properties') as unknown;
  return Object.keys(typeof properties === 'object' && properties !== null ? properties : schema);
}
