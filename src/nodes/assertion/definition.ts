import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { comparison, leftSide, refuseOperators } from '#domain/node/rule.ts';

const check = z.object({
  id: z.string().max(100).optional().describe('Tells the checks of the form apart.'),
  label: z.string().max(100).optional().describe('What the result calls this check.'),
  ...leftSide,
  ...comparison,
});
export type Check = z.output<typeof check>;

const config = z
  .object({
    rules: z
      .array(check)
      .max(50)
      .default([])
      .describe('All of them must hold. Without checks the value passes.')
      .meta({ title: 'Checks', field: { control: 'rules', group: 'required' } }),
  })
  .superRefine(({ rules }, context) => {
    refuseOperators(rules, (path, message) => context.addIssue({ code: 'custom', path, message }));
  });

export const definition = defineNode({
  type: 'assertion',
  title: 'Assertion',
  summary: 'Checks a value and sends it down the way of pass or fail.',
  icon: 'list-checks',
  category: 'logic',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: () => ({
    inputs: [
      {
        name: 'input',
        type: 'any',
        label: 'Input',
        description: 'The value to check; it leaves unchanged by pass or fail.',
        required: true,
      },
    ],
    outputs: [
      { name: 'pass', type: 'any', label: 'Pass', description: 'Taken when every check holds.', route: true },
      { name: 'fail', type: 'any', label: 'Fail', description: 'Taken when a check does not.', route: true },
      {
        name: 'output',
        type: 'object',
        label: 'Result',
        description: 'passed, and for every check what was found and what was expected; always given.',
      },
      { name: 'route', type: 'string', label: 'Route', description: 'pass or fail; always given.' },
    ],
  }),
  subtitle: ({ rules }) => (rules.length === 1 ? '1 check' : `${rules.length} checks`),
  docs: `Runs **all** its checks, so that the result names everything that is wrong at once. The input leaves by **pass** when every
check holds, by **fail** otherwise; the other way is skipped. No checks at all is a pass.

**Result** is \`{ passed, results: [{ check, passed, actual, expected }] }\`, whichever way was taken. *check* is the
label, or the check in words.

The left side is a reference, \`{{ trigger.body.amount }}\`, or a path into the input, \`amount\`. Use the path to test
whether something *exists*: a reference to a missing value fails the step.

**Example.** \`status\` *equals* \`200\` and \`body.items\` *is_not_empty* after an HTTP request; **fail** leads to a
notification with \`{{ assertion.output.results }}\`.

**When it goes wrong.**
- *The run goes on although a check failed*: nothing is connected to **fail**, so that way ends there. Connect it.
- *A number compares oddly*: for gt, lt and the like, text that is not a number counts as 0.
- *bad_pattern*: the regular expression is RE2, without look-ahead and back-references; write it without them.`,
});
