import type { Executor } from '#domain/node/executor.ts';
import type { definition, MERGE_MODES } from './definition.ts';

type Join = (values: readonly unknown[]) => unknown;

const JOINS: Readonly<Record<(typeof MERGE_MODES)[number], Join>> = {
  append: (values) => values.flat(1),
  combine: (values) => Object.fromEntries(values.flatMap(entriesOf)),
  list: (values) => values,
  first: (values) => values[0] ?? null,
};

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const values = Array.isArray(inputs.branches) ? inputs.branches : [];
  return { kind: 'done', outputs: { merged: JOINS[config.mode](values) } };
};

function entriesOf(value: unknown, index: number): [string, unknown][] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'object' && !Array.isArray(value)) return Object.entries(value);
  return [[`value_${index + 1}`, value]];
}
