import { type Executor, StepError } from '#domain/node/executor.ts';
import { kindOf, pathReader } from '#domain/node/item-path.ts';
import { numberIn } from '#domain/node/number-text.ts';
import type { definition } from './definition.ts';
import { evaluate, rounded } from './evaluate.ts';
import { parseExpression } from './parse.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const expression = parseExpression(String(config.expression));
  const input = inputs.input ?? null;
  const value = evaluate(expression, (name) => numberOf(name, config.values, input));
  const result = config.decimals === undefined ? value : rounded(value, config.decimals);
  return { kind: 'done', outputs: { result: result || 0 } };
};

/** A name is one of the values, the input itself, or a path into either. */
function numberOf(name: string, values: Readonly<Record<string, unknown>>, input: unknown): number {
  const read = pathReader(name);
  const value = read(values) ?? read(input) ?? read({ input });
  if (value === undefined || value === null) {
    const known = Object.keys(values);
    const there = known.length > 0 ? ` The values are ${known.slice(0, 20).join(', ')}.` : '';
    const message = `“Expression”: “${name}” is neither one of the values nor a field of the input.${there} Check its spelling.`;
    throw new StepError('missing_value', message, { permanent: true });
  }
  const number = numberIn(value);
  if (number !== null) return number;
  const shown = typeof value === 'string' ? `the text “${value.slice(0, 60)}”` : kindOf(value);
  throw new StepError('not_a_number', `“Expression”: “${name}” is ${shown}, which is no number.`, {
    permanent: true,
  });
}
