import { z } from 'zod';
import type { Port } from '#domain/graph/graph.ts';
import { isOperator, OPERATORS } from '#domain/graph/operator-name.ts';
import { defineNode } from '#domain/node/definition.ts';
import { ON_ITEM_ERROR } from '#domain/node/executor.ts';

export const MOST_ITEMS = 100_000;
const MOST_AT_ONCE = 100;

const rule = z
  .object({
    field: z
      .string()
      .max(500)
      .default('')
      .describe(
        'A dotted path into what the item returned, such as status.done; empty means the whole value.',
      ),
    operator: z
      .string()
      .default('equals')
      .describe(`One of ${OPERATORS.join(', ')}.`),
    value: z.json().default('').describe('What to compare with; unused by operators like exists.'),
  })
  .superRefine(({ operator }, context) => {
    if (isOperator(operator)) return;
    context.addIssue({ code: 'custom', path: ['operator'], message: `There is no operator “${operator}”.` });
  });

const config = z.object({
  parallelism: z
    .int()
    .min(1, 'At least one item has to be worked on at a time.')
    .max(MOST_AT_ONCE)
    .default(1)
    .describe('How many items are worked on at the same time. 1 takes them one after another.')
    .meta({ title: 'At the same time', field: { group: 'required' } }),
  on_error: z
    .enum(ON_ITEM_ERROR)
    .default('stop')
    .describe(
      'stop: the loop fails with the first item that fails. continue: the error takes the item’s place in the ' +
        'results. collect: the same, and the errors leave by a port of their own.',
    )
    .meta({ title: 'When an item fails', field: { control: 'select', group: 'common' } }),
  max_iterations: z
    .int()
    .min(1)
    .max(MOST_ITEMS)
    .default(10_000)
    .describe('A longer list fails the step before anything is done.')
    .meta({ title: 'Most items', field: { group: 'advanced' } }),
  break_when: z
    .array(rule)
    .max(20)
    .default([])
    .describe('No further item is begun once one has returned something all these rules hold for.')
    .meta({ title: 'Stop early when', field: { control: 'rules', perItem: true, group: 'advanced' } }),
});

const RESULTS: Port = {
  name: 'results',
  type: 'array',
  label: 'Done',
  description: 'What each item returned, in the order of the items; null where it returned nothing.',
};
const ERRORS: Port = {
  name: 'errors',
  type: 'array',
  label: 'Errors',
  description: 'The errors of the items that failed: { index, message, code, node }.',
};

export const definition = defineNode({
  type: 'loop',
  title: 'Loop',
  summary: 'Does the same for every item of a list.',
  icon: 'repeat',
  category: 'flow',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ on_error }) => ({
    inputs: [
      {
        name: 'items',
        type: 'array',
        label: 'Items',
        description: 'The list. Anything that is no list counts as one item, nothing as an empty list.',
        required: true,
      },
      {
        name: 'loop_return',
        type: 'any',
        label: 'Back',
        description: 'Connect the end of the body here: what arrives is the item’s result.',
        many: true,
        loop: 'return',
      },
    ],
    outputs: [
      {
        name: 'loop_body',
        type: 'any',
        label: 'Each item',
        description: 'Leads to the body, which runs once for every item.',
        loop: 'body',
      },
      RESULTS,
      ...(on_error === 'collect' ? [ERRORS] : []),
    ],
  }),
  subtitle: ({ parallelism }) => (parallelism === 1 ? 'one by one' : `${parallelism} at a time`),
  docs: `Runs its **body** once for every item of a list. The body starts at **Each item**; connect its end back to
**Back**, and what arrives there is that item's result. When all items are through, **Done** gives the results in the
order of the list, whatever order they finished in.

Inside the body \`{{ loop.item }}\` is the item, \`{{ loop.index }}\` its position from 0 and \`{{ loop.total }}\` the
length of the list. In a loop inside a loop \`{{ loop.parent.item }}\` is the outer one's.

**Example.** Items \`{{ trigger.body.orders }}\`; **Each item** → an HTTP request to
\`https://shop.example/orders/{{ loop.item.id }}\` → **Back**; 10 at the same time. **Done** → Reply.

**When it goes wrong.**
- *The results are null*: nothing is connected to Back, or a Switch in the body chose a way that does not lead there.
- *One bad item stops everything*: choose *continue* or *collect* for failing items.
- *too_many_items*: the list is longer than *Most items*. Raise it (at most ${MOST_ITEMS.toLocaleString('en')}), or split the list.`,
});
