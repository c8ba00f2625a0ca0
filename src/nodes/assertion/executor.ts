import { holds } from '#domain/graph/operator.ts';
import { isUnary } from '#domain/graph/operator-name.ts';
import type { Executor } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import { leftOf } from '#domain/node/rule.ts';
import type { Check, definition } from './definition.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const input = inputs.input ?? null;
  const results = config.rules.map((rule) => {
    const actual = leftOf(rule, input);
    const expected = isUnary(rule.operator) ? null : rule.value;
    return { check: nameOf(rule), passed: holds(rule.operator, actual, rule.value), actual, expected };
  });
  const passed = results.every((result) => result.passed);
  const route = passed ? 'pass' : 'fail';
  return { kind: 'done', outputs: { [route]: input, output: { passed, results }, route } };
};

/** The label, or the check in words. */
function nameOf({ label, left, field, operator, value }: Check): string {
  if (label) return label;
  const what = left === undefined ? field || 'input' : 'value';
  const words = `${what} ${operator.replaceAll('_', ' ')}`;
  return isUnary(operator) ? words : `${words} ${textOfValue(value)}`.slice(0, 200);
}
