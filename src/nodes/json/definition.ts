import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { textField, textPort } from '#domain/node/text-input.ts';

const config = z.object({
  mode: z
    .enum(['parse', 'format'])
    .default('parse')
    .describe('Read JSON text into a value, or write a value as JSON text.')
    .meta({ title: 'Do', field: { control: 'select', group: 'required' } }),
  indent: z
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('Spaces a level is indented by; 0 writes everything on one line.')
    .meta({ title: 'Indent', field: { group: 'common', when: { field: 'mode', in: ['format'] } } }),
  sort_keys: z
    .boolean()
    .default(false)
    .describe('Writes the keys of every object in alphabetical order.')
    .meta({ title: 'Sort keys', field: { group: 'common', when: { field: 'mode', in: ['format'] } } }),
  field: textField,
});

export const definition = defineNode({
  type: 'json',
  title: 'JSON',
  summary: 'Reads JSON text, or writes a value as JSON text.',
  icon: 'braces',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ mode, field }) => ({
    inputs: [
      mode === 'format'
        ? {
            name: 'input',
            type: 'any',
            label: 'Value',
            description: 'The value to write, or what holds it.',
            required: true,
          }
        : textPort(field),
    ],
    outputs: [
      mode === 'format'
        ? { name: 'output', type: 'string', label: 'Text', description: 'The JSON text.' }
        : { name: 'output', type: 'any', label: 'Value', description: 'The value the text stands for.' },
    ],
  }),
  subtitle: ({ mode }) => mode,
  docs: `**Parse** reads JSON text (one value; spaces around it do not matter) and gives the value with its types.
**Format** writes any value as JSON text.

A number with more than 15 digits loses its last ones when it is read; have the sender write it as text.

**Example.** An API answers with JSON inside a text field \`data\`: *parse*, value inside the input \`body.data\`.

**When it goes wrong.**
- *bad_json*: the text is no JSON; the message shows what was in the way. Single quotes, comments and a comma at
  the end are not JSON. An answer that is really an HTML page shows as \`<\` at the first place.
- *not_text*: the value is structured already; leave this step out. Or set the path to where the text is.`,
});
