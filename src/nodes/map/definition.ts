import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { listField, listPort } from '#domain/node/list-input.ts';

const fieldName = z.string().min(1, 'A field needs a name.').max(200);

const config = z.object({
  mode: z
    .enum(['object', 'value'])
    .default('object')
    .describe('Make an object of every item, or take one value out of it.')
    .meta({ title: 'Make', field: { control: 'select', group: 'required' } }),
  fields: z
    .record(fieldName, z.string().max(500))
    .default({})
    .describe('New name, and the dotted path of its value inside the item. An empty path is the whole item.')
    .meta({
      title: 'Fields',
      field: { control: 'keyvalue', group: 'required', when: { field: 'mode', in: ['object'] } },
    }),
  path: z
    .string()
    .max(500)
    .default('')
    .describe('Dotted path of the value inside each item.')
    .meta({
      title: 'Value',
      field: { group: 'required', placeholder: 'order.id', when: { field: 'mode', in: ['value'] } },
    }),
  constants: z
    .record(fieldName, z.json())
    .default({})
    .describe('Fields that are the same in every item; {{ references }} are filled in once.')
    .meta({
      title: 'Same in every item',
      field: { control: 'keyvalue', group: 'common', when: { field: 'mode', in: ['object'] } },
    }),
  keep: z
    .boolean()
    .default(false)
    .describe('Start from the item and add the fields to it.')
    .meta({ title: 'Keep the item', field: { group: 'common', when: { field: 'mode', in: ['object'] } } }),
  missing: z
    .enum(['error', 'null', 'omit'])
    .default('error')
    .describe(
      'A path an item does not have: stop with an error, give null, or leave the field (or item) out.',
    )
    .meta({ title: 'Missing values', field: { control: 'select', group: 'common' } }),
  field: listField,
});

export const definition = defineNode({
  type: 'map',
  title: 'Map',
  summary: 'Builds a new value out of every item of a list.',
  icon: 'list-tree',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ field }) => ({
    inputs: [listPort(field)],
    outputs: [
      { name: 'output', type: 'array', label: 'Output', description: 'The new values, in the same order.' },
    ],
  }),
  subtitle: ({ mode, fields, constants, path }) => {
    if (mode === 'value') return path || 'the item';
    return [...Object.keys(fields), ...Object.keys(constants)].join(', ').slice(0, 60) || 'no fields yet';
  },
  docs: `Builds a new list with one value for every item.

- **Object**: every field has a new name and a path *inside the item*: \`city\` = \`address.city\`, \`first_tag\` =
  \`tags.0\`. **Same in every item** adds values that do not depend on the item; there \`{{ references }}\` are
  filled in once. **Keep the item** starts from the item's own fields.
- **Value**: one path, so that \`[{ "id": 1 }, { "id": 2 }]\` becomes \`[1, 2]\`.

Values keep their type. For anything that has to be worked out for each item, use a Code node or a Loop.

**Example.** Fields \`id\` = \`order.id\` and \`total\` = \`order.total\`; same in every item: \`source\` =
\`{{ trigger.body.shop }}\`.

**When it goes wrong.**
- *missing_value*: the message names the item and the path. Correct the path, or choose *null* or *omit*. A null
  that is there is no missing value.
- *not_an_object*: *Keep the item* needs objects. Switch it off.
- *not_a_list*: set *List inside the input* to where the list is.`,
});
