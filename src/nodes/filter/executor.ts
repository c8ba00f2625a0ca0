import { testOf } from '#domain/graph/operator.ts';
import type { Executor } from '#domain/node/executor.ts';
import { pathReader } from '#domain/node/item-path.ts';
import { readList } from '#domain/node/list-input.ts';
import type { definition } from './definition.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const items = readList(inputs.input, config.field);
  const tests = config.rules.map(({ field, operator, value }) => {
    const read = pathReader(field.replace(/^item\./, ''));
    const test = testOf(operator, value);
    return (item: unknown): boolean => test(read(item));
  });
  const passes =
    config.match === 'all' || tests.length === 0
      ? (item: unknown): boolean => tests.every((test) => test(item))
      : (item: unknown): boolean => tests.some((test) => test(item));
  const filtered: unknown[] = [];
  const rejected: unknown[] = [];
  for (const item of items) (passes(item) ? filtered : rejected).push(item);
  return { kind: 'done', outputs: { filtered, rejected } };
};
