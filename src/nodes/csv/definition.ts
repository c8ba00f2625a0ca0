import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { listPort } from '#domain/node/list-input.ts';
import { textField, textPort } from '#domain/node/text-input.ts';

export const SEPARATORS = ['detect', 'comma', 'semicolon', 'tab', 'pipe'] as const;

const parsing = { field: 'mode', in: ['parse'] } as const;
const formatting = { field: 'mode', in: ['format'] } as const;

const config = z.object({
  mode: z
    .enum(['parse', 'format'])
    .default('parse')
    .describe('Read CSV text into a list, or write a list as CSV text.')
    .meta({ title: 'Do', field: { control: 'select', group: 'required' } }),
  separator: z
    .enum(SEPARATORS)
    .default('detect')
    .describe('What stands between two values. Detect looks at the first lines; writing then takes a comma.')
    .meta({ title: 'Separator', field: { control: 'select', group: 'required' } }),
  header: z
    .boolean()
    .default(true)
    .describe('The first line holds the names of the columns.')
    .meta({ title: 'Header', field: { group: 'common' } }),
  trim: z
    .boolean()
    .default(true)
    .describe('Takes spaces off both ends of every value.')
    .meta({ title: 'Trim', field: { group: 'common', when: parsing } }),
  convert: z
    .boolean()
    .default(false)
    .describe('Turns text such as 12.5 into numbers, and true and false into booleans.')
    .meta({ title: 'Convert numbers', field: { group: 'common', when: parsing } }),
  uneven: z
    .enum(['error', 'fill'])
    .default('error')
    .describe('A line with more or fewer values than the header: stop, or leave empty and drop.')
    .meta({ title: 'Uneven lines', field: { control: 'select', group: 'common', when: parsing } }),
  columns: z
    .array(z.string().min(1).max(200))
    .max(500)
    .default([])
    .describe('Names of the columns to write, in their order. Empty: every name the items have.')
    .meta({ title: 'Columns', field: { group: 'common', when: formatting } }),
  protect: z
    .boolean()
    .default(false)
    .describe('Puts an apostrophe before text that a spreadsheet would run as a formula (= + - @).')
    .meta({ title: 'Protect from formulas', field: { group: 'advanced', when: formatting } }),
  field: textField,
});

export const definition = defineNode({
  type: 'csv',
  title: 'CSV',
  summary: 'Reads CSV text into a list, or writes a list as CSV text.',
  icon: 'table',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ mode, field }) => ({
    inputs: [mode === 'format' ? listPort(field) : textPort(field)],
    outputs: [
      mode === 'format'
        ? { name: 'output', type: 'string', label: 'Text', description: 'The CSV text, lines ending in \\n.' }
        : {
            name: 'output',
            type: 'array',
            label: 'Rows',
            description: 'One object (or list) for every line.',
          },
    ],
  }),
  subtitle: ({ mode, separator }) => (separator === 'detect' ? mode : `${mode}, ${separator}`),
  docs: `**Parse** reads CSV text. With a *header* every line becomes an object, \`{ "name": "Ada", "age": "36" }\`;
without one, a list of its values. Values may stand in double quotes, with \`""\` for a quote inside; empty lines are
passed over. Every value is text unless *Convert numbers* is on; then \`007\` and longer numbers than a number
can hold exactly stay text.

**Format** writes a list of objects (or of lists). Values with separators, quotes or line ends are put in quotes;
null is empty; objects and lists inside are written as JSON. Switch *Protect from formulas* on when people
will open the file in a spreadsheet and the values come from strangers.

**Example.** Parse \`name;age\\nAda;36\` gives \`[{ "name": "Ada", "age": "36" }]\`.

**When it goes wrong.**
- *bad_csv*: the message names the line: a quote that is never closed, a number of values that does not
  match the header, or two columns of one name. Choose the separator by hand if it was detected wrongly.
- *not_text* / *not_a_list*: set the path to where the value is, such as \`body\`.
- *not_a_row*: an item to write is neither an object nor a list. Use a Map node before.`,
});
