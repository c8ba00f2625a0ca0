import { holds } from '#domain/graph/operator.ts';
import type { Executor } from '#domain/node/executor.ts';
import { leftOf } from '#domain/node/rule.ts';
import { type definition, FALLBACK } from './definition.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const input = inputs.input ?? null;
  const chosen = config.rules.find((rule) => holds(rule.operator, leftOf(rule, input), rule.value));
  const way = chosen?.id ?? (config.enable_fallback ? FALLBACK : undefined);
  return { kind: 'done', outputs: { route: way ?? '', ...(way !== undefined && { [way]: input }) } };
};
