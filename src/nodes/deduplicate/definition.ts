import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { listField, listPort } from '#domain/node/list-input.ts';

const config = z.object({
  path: z
    .string()
    .max(500)
    .default('')
    .describe('Dotted path into each item; items with the same value there are duplicates. Empty: the item.')
    .meta({ title: 'Compare', field: { group: 'required', placeholder: 'email' } }),
  keep: z
    .enum(['first', 'last'])
    .default('first')
    .describe('Which of several equal items stays. The order of the items stays too.')
    .meta({ title: 'Keep the', field: { control: 'select', group: 'common' } }),
  missing: z
    .enum(['error', 'keep', 'same'])
    .default('error')
    .describe('Items without the value: stop with an error, keep them all, or treat them as equal.')
    .meta({ title: 'Missing values', field: { control: 'select', group: 'common' } }),
  field: listField,
});

export const definition = defineNode({
  type: 'deduplicate',
  title: 'Deduplicate',
  summary: 'Leaves only one of equal items in a list.',
  icon: 'copy-minus',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ field }) => ({
    inputs: [listPort(field)],
    outputs: [
      { name: 'output', type: 'array', label: 'Unique', description: 'The items without duplicates.' },
      { name: 'removed', type: 'array', label: 'Removed', description: 'The duplicates that were left out.' },
    ],
  }),
  subtitle: ({ path, keep }) => `by ${path || 'item'}, ${keep} stays`,
  docs: `Removes items that are equal to another one: by the value at a path, or as a whole when the path is empty.
**Removed** gives the duplicates. Both keep the order of the list.

Values are equal when they are the same JSON value. The order of an object's keys does not matter; \`1\` and \`"1"\`
differ, and so do \`"a"\` and \`"A"\`.

With an empty path, null is a value like any other. With a path, a missing value and null are the same: choose what
they do under *Missing values*.

**Example.** Contacts by \`email\`, keeping the *last*, so that newer entries win.

**When it goes wrong.**
- *missing_value*: the message names the item and the path. Correct the path, or choose what missing values do.
- *Duplicates remain*: their values differ in case, spaces or type. Make them alike in a Map or Code node before.
- *not_a_list*: set *List inside the input* to where the list is.`,
});
