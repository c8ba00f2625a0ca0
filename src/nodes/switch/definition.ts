import { z } from 'zod';
import type { Port } from '#domain/graph/graph.ts';
import { defineNode } from '#domain/node/definition.ts';
import { comparison, leftSide, refuseOperators } from '#domain/node/rule.ts';

export const FALLBACK = '__other__';
const TAKEN_NAMES = ['route', 'error', FALLBACK];

const rule = z.object({
  id: z
    .string()
    .min(1)
    .max(100)
    .describe('Names the output port of this rule; keep it when the rule changes.'),
  label: z.string().max(100).optional().describe('What the canvas shows at the port.'),
  ...leftSide,
  ...comparison,
});
export type SwitchRule = z.output<typeof rule>;

const config = z
  .object({
    rules: z
      .array(rule)
      .max(50)
      .default([])
      .describe('Tried from top to bottom; the first that holds decides the way.')
      .meta({ title: 'Rules', field: { control: 'rules', group: 'required' } }),
    enable_fallback: z
      .boolean()
      .default(false)
      .describe('Adds the way “Otherwise”, taken when no rule holds.')
      .meta({ title: 'Otherwise', field: { group: 'common' } }),
  })
  .superRefine(({ rules }, context) => {
    const refuse = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    refuseOperators(rules, refuse);
    for (const [index, { id }] of rules.entries()) {
      const at = ['rules', index, 'id'];
      if (TAKEN_NAMES.includes(id)) refuse(at, `A rule cannot be called “${id}”; that name is taken.`);
      if (rules.findIndex((one) => one.id === id) < index) refuse(at, `Two rules are called “${id}”.`);
    }
  });

export const definition = defineNode({
  type: 'switch',
  title: 'Switch',
  summary: 'Sends the value down the way of the first rule that holds.',
  icon: 'split',
  category: 'logic',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ rules, enable_fallback }) => ({
    inputs: [
      {
        name: 'input',
        type: 'any',
        label: 'Input',
        description: 'The value to look at; it leaves unchanged by the chosen way.',
        required: true,
      },
    ],
    outputs: [
      ...rules.filter(isFirstOfItsName).map(wayOf),
      ...(enable_fallback ? [way(FALLBACK, 'Otherwise', 'Taken when no rule holds.')] : []),
      { name: 'route', type: 'string', label: 'Route', description: 'Id of the chosen rule; always given.' },
    ],
  }),
  subtitle: ({ rules, enable_fallback }) => {
    const count = rules.length + (enable_fallback ? 1 : 0);
    return count === 1 ? '1 way' : `${count} ways`;
  },
  docs: `Tries its rules from top to bottom. The input leaves by the port of the **first** rule that holds; every other way
is skipped, with all that hangs on it. **Otherwise** catches what no rule wanted.

The left side of a rule is either a reference, \`{{ trigger.body.amount }}\`, or a path into the input, \`amount\`.
Use the path to test whether something *exists*: a reference to a missing value fails the step.

**Example.** \`{{ trigger.body.amount }}\` *gt* \`100\` → a way called *Large*; Otherwise → the usual way.

**When it goes wrong.**
- *Nothing runs after it*: no rule held and Otherwise is off. Look at **route** in the step's output.
- *A number compares oddly*: for gt, lt and the like, text that is not a number counts as 0. Test the type first.
- *bad_pattern*: the regular expression is RE2, without look-ahead and back-references; write it without them.`,
});

function way(name: string, label: string, description: string): Port {
  return { name, type: 'any', label, description, route: true };
}

function wayOf({ id, label }: SwitchRule, index: number): Port {
  return way(id, label || `Rule ${index + 1}`, 'Taken when this rule is the first that holds.');
}

/** While a form is half-filled two rules may share an id; the second gets no port. */
function isFirstOfItsName({ id }: SwitchRule, index: number, rules: readonly SwitchRule[]): boolean {
  return !TAKEN_NAMES.includes(id) && rules.findIndex((one) => one.id === id) === index;
}
