import { z } from 'zod';
import { valueAt } from '../graph/dotted-path.ts';
import { isOperator, OPERATORS } from '../graph/operator-name.ts';

/** What every comparison of the form has in common. */
export const comparison = {
  operator: z
    .string()
    .default('equals')
    .describe(`One of ${OPERATORS.join(', ')}.`),
  value: z.json().default('').describe('What to compare with; unused by operators like exists.'),
};

/** The left side of a rule that looks at a whole input. */
export const leftSide = {
  left: z.json().optional().describe('The value to look at: {{ trigger.body.amount }}. Wins over field.'),
  field: z
    .string()
    .max(500)
    .default('')
    .describe('Or a dotted path into the input, such as order.total; empty means the whole input.'),
};

interface LeftSide {
  readonly left?: unknown;
  readonly field: string;
}

/** The value a rule looks at. */
export function leftOf(rule: LeftSide, input: unknown): unknown {
  if (rule.left !== undefined) return rule.left;
  // `state.` is how the reference system's clients write paths; `input.` is what people expect to write.
  return valueAt(input, rule.field.replace(/^(?:state|input)\./, ''));
}

/** Reports operators that do not exist, at the rule that has them. */
export function refuseOperators(
  rules: readonly { readonly operator: string }[],
  refuse: (path: (string | number)[], message: string) => void,
): void {
  for (const [index, { operator }] of rules.entries()) {
    if (!isOperator(operator)) {
      refuse(['rules', index, 'operator'], `There is no operator “${operator}”.`);
    }
  }
}
