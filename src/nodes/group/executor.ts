import type { Executor } from '#domain/node/executor.ts';
import { missingValue, pathReader } from '#domain/node/item-path.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import { readList } from '#domain/node/list-input.ts';
import { keyOf } from '#domain/node/value-key.ts';
import type { definition } from './definition.ts';

interface Group {
  readonly key: unknown;
  readonly items: unknown[];
}

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const items = readList(inputs.input, config.field);
  const read = pathReader(config.path);
  const asObject = config.form === 'object';
  const groups = new Map<string, Group>();
  for (const [index, item] of items.entries()) {
    const key = read(item) ?? null;
    if (key === null && config.missing === 'skip') continue;
    if (key === null && config.missing === 'error') {
      throw missingValue(index, config.path, 'Correct the path, or set “Missing values” to group or skip.');
    }
    const name = asObject ? textOfValue(key) : keyOf(key);
    const group = groups.get(name);
    if (group) group.items.push(item);
    else groups.set(name, { key, items: [item] });
  }
  const output = asObject
    ? Object.fromEntries([...groups].map(([name, group]) => [name, group.items]))
    : [...groups.values()];
  return { kind: 'done', outputs: { output } };
};
