import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { listField, listPort } from '#domain/node/list-input.ts';

const config = z.object({
  path: z
    .string()
    .max(500)
    .default('')
    .describe('Dotted path into each item; items with the same value there form a group. Empty: the item.')
    .meta({ title: 'Group by', field: { group: 'required', placeholder: 'customer.country' } }),
  form: z
    .enum(['list', 'object'])
    .default('list')
    .describe('A list of { key, items }, or one object with the keys as names.')
    .meta({ title: 'Give', field: { control: 'select', group: 'required' } }),
  missing: z
    .enum(['error', 'group', 'skip'])
    .default('error')
    .describe('Items without the value: stop with an error, form a group of their own, or leave them out.')
    .meta({ title: 'Missing values', field: { control: 'select', group: 'common' } }),
  field: listField,
});

export const definition = defineNode({
  type: 'group',
  title: 'Group',
  summary: 'Puts the items of a list that share a value together.',
  icon: 'group',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ field, form }) => ({
    inputs: [listPort(field)],
    outputs: [
      {
        name: 'output',
        type: form === 'object' ? 'object' : 'array',
        label: 'Groups',
        description: 'The groups, in the order in which their first items came.',
      },
    ],
  }),
  subtitle: ({ path, form }) => `by ${path || 'item'}${form === 'object' ? ', as an object' : ''}`,
  docs: `Puts items with the same value at a path together. Inside a group the items keep their order.

- **List**: \`[{ "key": "DE", "items": [ … ] }, … ]\`, groups in the order in which their first items came. The key
  keeps its type, so \`1\` and \`"1"\` are two groups; objects and lists may be keys too.
- **Object**: \`{ "DE": [ … ], "FR": [ … ] }\`. Names of an object are text, so \`1\` and \`"1"\` share a group, and names
  that are whole numbers come first. Use the list where the order matters.

A missing value and null are the same. With *group* they form a group with the key null, in an object the empty name.

**Example.** Orders by \`customer.country\`, as a list; then a Loop over the groups.

**When it goes wrong.**
- *missing_value*: the message names the item and the path. Correct the path, or choose what missing values do.
- *not_a_list*: set *List inside the input* to where the list is.`,
});
