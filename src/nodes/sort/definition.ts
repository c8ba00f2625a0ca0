import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { listField, listPort } from '#domain/node/list-input.ts';

export const SORT_AS = ['auto', 'number', 'text', 'date'] as const;

const key = z.object({
  path: z
    .string()
    .max(500)
    .default('')
    .describe('Dotted path into each item; empty means the whole item.')
    .meta({ title: 'Path', field: { placeholder: 'order.total' } }),
  direction: z
    .enum(['ascending', 'descending'])
    .default('ascending')
    .describe('Smallest or largest first.')
    .meta({ title: 'Direction' }),
  as: z
    .enum(SORT_AS)
    .default('auto')
    .describe('How values compare: by their own type, or all as numbers, text or dates.')
    .meta({ title: 'Compare as' }),
});
export type SortKey = z.output<typeof key>;

const config = z.object({
  keys: z
    .array(key)
    .max(10)
    .default([])
    .describe('The first decides; the next ones only where it finds no difference. None: sort by the items.')
    .meta({ title: 'Sort by', field: { control: 'rows', group: 'required' } }),
  missing: z
    .enum(['last', 'first', 'error'])
    .default('last')
    .describe('Where items without the value go, in either direction; or stop with an error.')
    .meta({ title: 'Missing values', field: { control: 'select', group: 'common' } }),
  field: listField,
});

export const definition = defineNode({
  type: 'sort',
  title: 'Sort',
  summary: 'Puts the items of a list in order.',
  icon: 'arrow-down-up',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ field }) => ({
    inputs: [listPort(field)],
    outputs: [{ name: 'output', type: 'array', label: 'Sorted', description: 'The same items in order.' }],
  }),
  subtitle: ({ keys }) =>
    keys
      .map(({ path, direction }) => `${path || 'item'}${direction === 'descending' ? ' ↓' : ' ↑'}`)
      .join(', ') || 'by item',
  docs: `Puts a list in order by one or several values of its items. Items that compare equal keep the order they
came in.

**Compare as** says how:
- **auto**: numbers before text before true and false before everything else; numbers by size, text alphabetically.
  Text stays text, so \`"10"\` comes before \`"9"\`.
- **number**: text that is a number counts as that number (\`"12.5"\`). Anything else is an error.
- **text**: everything as text, alphabetically (a, A, b, ä beside a).
- **date**: ISO dates such as \`2026-03-29\` or \`2026-03-29T10:00:00+02:00\`; without a zone they are UTC.

An item without the value, or with null there, goes last; choose *first* or *error* otherwise.

**Example.** \`priority\` descending as number, then \`created_at\` ascending as date.

**When it goes wrong.**
- *not_a_number* or *not_a_date*: the message names the item and the path. Clean the value before, or compare as text.
- *missing_value*: an item has no such path and *Missing values* is *error*. Check the path's spelling.
- *not_a_list*: set *List inside the input* to where the list is.`,
});
