import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { listPort } from '#domain/node/list-input.ts';
import { textField, textPort } from '#domain/node/text-input.ts';

const config = z.object({
  mode: z
    .enum(['separator', 'lines', 'length', 'chunks'])
    .default('separator')
    .describe('A text at a separator, into lines or into pieces of a length; or a list into smaller lists.')
    .meta({ title: 'Split', field: { control: 'select', group: 'required' } }),
  separator: z
    .string()
    .min(1, 'A separator needs at least one character.')
    .max(100)
    .default(',')
    .describe('The very text between the parts; \\n is a new line and \\t a tab.')
    .meta({
      title: 'Separator',
      field: { group: 'required', when: { field: 'mode', in: ['separator'] } },
    }),
  size: z
    .int()
    .min(1, 'A part has at least one character or item.')
    .default(100)
    .describe('Characters in a piece of text, or items in a smaller list. The last one may be shorter.')
    .meta({
      title: 'Size',
      field: { group: 'required', when: { field: 'mode', in: ['length', 'chunks'] } },
    }),
  trim: z
    .boolean()
    .default(true)
    .describe('Takes spaces off both ends of every part.')
    .meta({ title: 'Trim', field: { group: 'common', when: { field: 'mode', in: ['separator', 'lines'] } } }),
  drop_empty: z
    .boolean()
    .default(false)
    .describe('Leaves out parts with nothing in them.')
    .meta({
      title: 'Drop empty parts',
      field: { group: 'common', when: { field: 'mode', in: ['separator', 'lines'] } },
    }),
  field: textField,
});

export const definition = defineNode({
  type: 'split',
  title: 'Split',
  summary: 'Cuts a text into a list, or a list into smaller lists.',
  icon: 'scissors',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ mode, field }) => ({
    inputs: [mode === 'chunks' ? listPort(field) : textPort(field)],
    outputs: [{ name: 'output', type: 'array', label: 'Parts', description: 'The parts, in their order.' }],
  }),
  subtitle: ({ mode, separator, size }) => {
    if (mode === 'separator') return `at “${separator}”`;
    if (mode === 'lines') return 'into lines';
    return mode === 'length' ? `${size} characters each` : `${size} items each`;
  },
  docs: `Cuts something into a list of parts.

- **separator**: a text wherever the separator stands. Two separators in a row have an empty part between them.
- **lines**: a text at its line ends, whether \`\\n\`, \`\\r\\n\` or \`\\r\`.
- **length**: a text into pieces of *size* characters; an emoji is never cut in two.
- **chunks**: a list into lists of *size* items, for a Loop that sends them in batches.

Empty text gives an empty list, and so does an empty list.

**Example.** *separator* \`;\` on \`"a; b;;c"\` gives \`["a", "b", "", "c"]\`, with *Drop empty parts* \`["a", "b", "c"]\`.

**When it goes wrong.**
- *not_text* or *not_a_list*: something else arrived. Set the path to where the value is, such as \`body\`.
- *Everything is one part*: the separator does not occur as it is written. Spaces and capitals count.`,
});
