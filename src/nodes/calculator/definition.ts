import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';
import { MAX_EXPRESSION, NAME } from './token.ts';

const config = z.object({
  expression: z
    .union([z.string().max(MAX_EXPRESSION), z.number()])
    .default('')
    .describe('Such as (price - discount) * quantity, with + - * / // % ** and parentheses.')
    .meta({
      title: 'Expression',
      field: { control: 'template', group: 'required', placeholder: '(price - discount) * 1.19' },
    }),
  values: z
    .record(z.string().regex(NAME, 'A name has letters, digits and _, and begins with a letter.'), z.json())
    .default({})
    .describe('Names for the expression, and the number each stands for.')
    .meta({ title: 'Values', field: { control: 'keyvalue', group: 'common' } }),
  decimals: z
    .int()
    .min(0)
    .max(15)
    .optional()
    .describe('Rounds the result to so many decimals. Empty: as it is.')
    .meta({ title: 'Decimals', field: { group: 'common' } }),
});

export const definition = defineNode({
  type: 'calculator',
  title: 'Calculator',
  summary: 'Works out an arithmetic expression.',
  icon: 'calculator',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  config,
  tool: ({ expression, values }) => [
    toolFunction({
      name: 'calculator',
      description: `Works out an arithmetic expression exactly: + - * / // % ** ( ), abs, ceil, floor, round, sqrt, min, max.${namesOf(values)}`,
      parameters: z.object({
        ...(expression === '' && {
          expression: z.string().min(1).max(MAX_EXPRESSION).describe('Such as (12.5 - 2) * 3.'),
        }),
      }),
    }),
  ],
  ports: () => ({
    inputs: [
      {
        name: 'input',
        type: 'any',
        label: 'Input',
        description: 'Its fields can be named in the expression, as can input itself.',
      },
    ],
    outputs: [{ name: 'result', type: 'number', label: 'Result', description: 'The number.' }],
  }),
  subtitle: ({ expression }) => String(expression).slice(0, 60),
  docs: `Works out an expression of numbers, names, parentheses and

- \`+ - * /\`; \`//\` divides and rounds down; \`%\` is the rest of that, with the sign of the divisor (\`-7 % 3\` is 2);
- \`**\` to the power of, from right to left and before a sign (\`-2 ** 2\` is -4);
- \`abs(x)\`, \`ceil(x)\`, \`floor(x)\`, \`round(x, decimals)\`, \`sqrt(x)\`, \`min(a, b, …)\`, \`max(a, b, …)\`.

A name is one of **Values**, or a path into the input: \`order.total\`, \`items.0.price\`; \`input\` is the input
itself. Text that is a number as a whole counts as that number (\`"12.5"\`); nothing else does. Prefer names to
{{ references }} inside the expression: the value then cannot change how the expression is read.

Numbers have about 15 digits, so \`0.1 + 0.2\` is 0.30000000000000004. Use **Decimals** for amounts of money.

**Example.** \`(price - discount) * quantity\` with *price* = \`{{ trigger.body.price }}\` and so on, *Decimals* 2.

**When it goes wrong.**
- *bad_expression*: the message shows the place where reading stopped.
- *missing_value*: a name is neither among the values nor in the input. Check its spelling.
- *not_a_number*: the value of a name is something else, such as \`"12 EUR"\`.
- *division_by_zero* and *out_of_range*: no number comes out. An exponent is at most 1000, either way.`,
});

function namesOf(values: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(values ?? {});
  return names.length === 0 ? '' : ` These names stand for numbers: ${names.join(', ')}.`;
}
