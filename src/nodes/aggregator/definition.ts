import { z } from 'zod';
import type { PortType } from '#domain/graph/port-type.ts';
import { defineNode } from '#domain/node/definition.ts';
import { listField, listPort } from '#domain/node/list-input.ts';

export const OPERATIONS = ['list', 'concat', 'join', 'count', 'sum', 'average', 'min', 'max'] as const;
export type Operation = (typeof OPERATIONS)[number];

const OUTPUT_TYPE: Readonly<Record<Operation, PortType>> = {
  list: 'array',
  concat: 'array',
  join: 'string',
  count: 'number',
  sum: 'number',
  average: 'number',
  min: 'number',
  max: 'number',
};

const config = z.object({
  from: z
    .enum(['list', 'branches'])
    .default('list')
    .describe('The items of one list, or the values of several edges.')
    .meta({ title: 'Collect from', field: { control: 'select', group: 'required' } }),
  operation: z
    .enum(OPERATIONS)
    .default('list')
    .describe('list: the values. concat: one list of their items. join: one text. Or a number made of them.')
    .meta({ title: 'Operation', field: { control: 'select', group: 'required' } }),
  path: z
    .string()
    .max(500)
    .default('')
    .describe('Dotted path into each item; empty means the whole item.')
    .meta({ title: 'Value', field: { group: 'required', placeholder: 'order.total' } }),
  separator: z
    .string()
    .max(100)
    .default(', ')
    .describe('Stands between the texts; \\n is a new line and \\t a tab.')
    .meta({ title: 'Separator', field: { group: 'common', when: { field: 'operation', in: ['join'] } } }),
  missing: z
    .enum(['error', 'skip'])
    .default('error')
    .describe('An item without the value stops the step, or is left out.')
    .meta({ title: 'Missing values', field: { control: 'select', group: 'common' } }),
  field: listField.meta({
    title: 'List inside the input',
    field: { group: 'common', placeholder: 'body.items', when: { field: 'from', in: ['list'] } },
  }),
});

export const definition = defineNode({
  type: 'aggregator',
  title: 'Aggregate',
  summary: 'Makes one value of many: a list, a text, a sum or a count.',
  icon: 'sigma',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ from, operation, field }) => ({
    inputs: [
      from === 'branches'
        ? {
            name: 'items',
            type: 'any',
            label: 'Values',
            description: 'Connect every branch here. Branches that were not taken are left out.',
            required: true,
            many: true,
          }
        : listPort(field, 'items'),
    ],
    outputs: [
      {
        name: 'result',
        type: OUTPUT_TYPE[operation] ?? 'any',
        label: 'Result',
        description: 'What the values amount to.',
      },
      { name: 'count', type: 'number', label: 'Count', description: 'How many values went into it.' },
    ],
  }),
  subtitle: ({ operation, path }) => (path === '' ? operation : `${operation} of ${path}`),
  docs: `Collects one value of every item and makes one of them. The items are those of a list, or the values
that arrive by several edges (*branches*, in the order of the edges).

- **list**: the values as they are. **concat**: the same, with lists among them opened one level.
- **join**: one text with a separator between; what is not text becomes JSON.
- **count**: how many items have the value; with an empty path, how many items there are. Never an error.
- **sum**, **average**, **min**, **max**: of numbers. Text that is a number as a whole counts as one (\`"12.5"\`); other
  text, true and false do not. Of no values at all the sum is 0 and the other three are null.

For *list*, *concat* and *join*, null is a value; for numbers it is a missing one.

**Example.** From *list*, *sum* of \`order.total\`, gives \`{{ aggregator.result }}\`.

**When it goes wrong.**
- *missing_value*: the message names the item and the path. Correct the path, or set *Missing values* to *skip*.
- *not_a_number*: the value is text such as \`"12 EUR"\`. Clean it before, in a Map or Code node.
- *not_a_list*: set *List inside the input* to where the list is, or collect from *branches*.`,
});
