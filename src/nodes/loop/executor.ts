import { type Executor, StepError } from '#domain/node/executor.ts';
import type { definition } from './definition.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const items = itemsOf(inputs.items);
  const { max_iterations, parallelism, on_error, break_when } = config;
  if (items.length > max_iterations) {
    const message = `The list has ${items.length} items, but “Most items” allows ${max_iterations}. Raise it, or split the list.`;
    throw new StepError('too_many_items', message, { permanent: true });
  }
  return { kind: 'iterate', items, parallelism, onItemError: on_error, breakWhen: break_when };
};

function itemsOf(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
