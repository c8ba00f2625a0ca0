import { valueAt } from '#domain/graph/dotted-path.ts';
import { holds } from '#domain/graph/operator.ts';
import type { Executor } from '#domain/node/executor.ts';
import { type definition, FALLBACK, type SwitchRule } from './definition.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const input = inputs.input ?? null;
  const chosen = config.rules.find((rule) => holds(rule.operator, leftOf(rule, input), rule.value));
  const way = chosen?.id ?? (config.enable_fallback ? FALLBACK : undefined);
  return { kind: 'done', outputs: { route: way ?? '', ...(way !== undefined && { [way]: input }) } };
};

function leftOf(rule: SwitchRule, input: unknown): unknown {
  if (rule.left !== undefined) return rule.left;
  // `state.` is how the reference system's clients write paths; `input.` is what people expect to write.
  return valueAt(input, rule.field.replace(/^(?:state|input)\./, ''));
}
