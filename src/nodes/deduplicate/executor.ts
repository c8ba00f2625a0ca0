import type { Executor } from '#domain/node/executor.ts';
import { missingValue, pathReader } from '#domain/node/item-path.ts';
import { readList } from '#domain/node/list-input.ts';
import { keyOf } from '#domain/node/value-key.ts';
import type { definition } from './definition.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const items = readList(inputs.input, config.field);
  const read = pathReader(config.path);
  const keys = items.map((item, index): string | null => {
    const value = read(item) ?? null;
    if (value !== null || config.path === '' || config.missing === 'same') return keyOf(value);
    if (config.missing === 'keep') return null;
    throw missingValue(index, config.path, 'Correct the path, or set “Missing values” to keep or same.');
  });
  const stays = new Map<string, number>();
  for (const [index, key] of keys.entries()) {
    if (key !== null && (config.keep === 'last' || !stays.has(key))) stays.set(key, index);
  }
  const output: unknown[] = [];
  const removed: unknown[] = [];
  for (const [index, key] of keys.entries()) {
    (key === null || stays.get(key) === index ? output : removed).push(items[index]);
  }
  return { kind: 'done', outputs: { output, removed } };
};
