import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { listField, listPort } from '#domain/node/list-input.ts';

const config = z.object({
  count: z
    .int()
    .min(0, 'A number of items cannot be negative.')
    .default(10)
    .describe('At most so many items go on.')
    .meta({ title: 'Count', field: { group: 'required' } }),
  offset: z
    .int()
    .min(0, 'An offset cannot be negative.')
    .default(0)
    .describe('So many items are passed over first.')
    .meta({ title: 'Offset', field: { group: 'common' } }),
  from: z
    .enum(['start', 'end'])
    .default('start')
    .describe('Count from the first item or from the last. The order of the items stays.')
    .meta({ title: 'From the', field: { control: 'select', group: 'common' } }),
  field: listField,
});

export const definition = defineNode({
  type: 'limit',
  title: 'Limit',
  summary: 'Takes the first or the last items of a list.',
  icon: 'list-end',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ field }) => ({
    inputs: [listPort(field)],
    outputs: [
      { name: 'output', type: 'array', label: 'Items', description: 'The items that were taken.' },
      { name: 'rest', type: 'array', label: 'Rest', description: 'All other items.' },
    ],
  }),
  subtitle: ({ count, offset, from }) => {
    const which = `${from === 'end' ? 'last' : 'first'} ${count}`;
    return offset > 0 ? `${which} after ${offset}` : which;
  },
  docs: `Takes part of a list: the first **count** items after **offset**, or the last ones before it. Fewer items
than that are no error. **Rest** gives all items that were not taken.

**Example.** The second page of 20: count \`20\`, offset \`20\`. The newest three of a list in time order: count \`3\`,
from the *end*.

**When it goes wrong.** *not_a_list*: something else arrived. Set *List inside the input* to where the list is, such as
\`body.items\`.`,
});
