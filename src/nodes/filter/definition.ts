import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { listField, listPort } from '#domain/node/list-input.ts';
import { comparison, refuseOperators } from '#domain/node/rule.ts';

const rule = z.object({
  id: z.string().max(100).optional().describe('Tells the rules of the form apart.'),
  label: z.string().max(100).optional().describe('A name for people.'),
  field: z
    .string()
    .max(500)
    .default('')
    .describe('Dotted path into each item, such as order.total; empty means the whole item.'),
  ...comparison,
});

const config = z
  .object({
    match: z
      .enum(['all', 'any'])
      .default('all')
      .describe('Keep the items for which all rules hold, or any of them.')
      .meta({ title: 'Keep an item when', field: { control: 'select', group: 'required' } }),
    rules: z
      .array(rule)
      .max(50)
      .default([])
      .describe('Tested on every item by itself. Without rules every item is kept.')
      .meta({ title: 'Rules', field: { control: 'rules', perItem: true, group: 'required' } }),
    field: listField,
  })
  .superRefine(({ rules }, context) => {
    refuseOperators(rules, (path, message) => context.addIssue({ code: 'custom', path, message }));
  });

export const definition = defineNode({
  type: 'filter',
  title: 'Filter',
  summary: 'Keeps the items of a list that rules hold for.',
  icon: 'list-filter',
  category: 'logic',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ field }) => ({
    inputs: [listPort(field)],
    outputs: [
      { name: 'filtered', type: 'array', label: 'Filtered', description: 'The items that were kept.' },
      { name: 'rejected', type: 'array', label: 'Rejected', description: 'All other items.' },
    ],
  }),
  subtitle: ({ rules, match }) => {
    if (rules.length === 0) return 'keeps everything';
    return rules.length === 1 ? '1 rule' : `${match} of ${rules.length} rules`;
  },
  docs: `Tests every item of a list. **Filtered** gives the items that pass, **rejected** the others; both keep their
order, and both are lists even when they are empty.

A rule looks at a path *inside the item*: \`price\`, \`address.city\`, \`tags.0\`; an empty path is the item itself. What
it compares with may be a reference, which is filled in once: \`{{ trigger.body.limit }}\`.

A value that is missing counts as nothing: *exists* does not hold, text operators see empty text, and number
operators see 0. Text that is a number (\`"12.5"\`) is compared as one by *gt*, *lt* and the like; other text counts as 0.

**Example.** \`status\` *equals* \`open\` and \`total\` *gt* \`100\`, with *all*.

**When it goes wrong.**
- *not_a_list*: something else arrived. Set *List inside the input* to where the list is, such as \`body.items\`.
- *Nothing passes*: look at one item in the step's input; the path starts inside the item, not at the node's name.
- *bad_pattern*: the regular expression is RE2, without look-ahead and back-references; write it without them.`,
});
