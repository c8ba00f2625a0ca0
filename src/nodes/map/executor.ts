import { type Executor, StepError } from '#domain/node/executor.ts';
import { itemAt, kindOf, missingValue, type PathReader, pathReader } from '#domain/node/item-path.ts';
import { readList } from '#domain/node/list-input.ts';
import type { definition } from './definition.ts';

type Config = Parameters<Executor<typeof definition>>[0]['config'];

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const items = readList(inputs.input, config.field);
  const output = config.mode === 'value' ? valuesOf(items, config) : objectsOf(items, config);
  return { kind: 'done', outputs: { output } };
};

interface Source {
  readonly path: string;
  readonly read: PathReader;
}

const sourceOf = (path: string): Source => {
  const inItem = path.replace(/^item\./, '');
  return { path: inItem, read: pathReader(inItem) };
};

function valuesOf(items: readonly unknown[], { path, missing }: Config): unknown[] {
  const source = sourceOf(path);
  return items
    .map((item, index) => valueOf(item, { index, source, missing }))
    .filter((value) => value !== undefined);
}

function objectsOf(items: readonly unknown[], { fields, constants, keep, missing }: Config): object[] {
  const sources = Object.entries(fields).map(([name, path]) => ({ name, source: sourceOf(path) }));
  const same = Object.entries(constants);
  return items.map((item, index) => {
    const own = keep ? Object.entries(objectAt(item, index)) : [];
    const picked = sources
      .map(({ name, source }): [string, unknown] => [name, valueOf(item, { index, source, missing })])
      .filter(([, value]) => value !== undefined);
    return Object.fromEntries([...own, ...picked, ...same]);
  });
}

interface Place {
  readonly index: number;
  readonly source: Source;
  readonly missing: Config['missing'];
}

/** The value, or undefined where it is to be left out. */
function valueOf(item: unknown, { index, source, missing }: Place): unknown {
  const value = source.read(item);
  if (value !== undefined || missing === 'omit') return value;
  if (missing === 'null') return null;
  throw missingValue(index, source.path, 'Correct the path, or set “Missing values” to null or omit.');
}

function objectAt(item: unknown, index: number): object {
  if (typeof item === 'object' && item !== null && !Array.isArray(item)) return item;
  const message = `${itemAt(index)} is ${kindOf(item)}, but “Keep the item” needs objects. Switch it off.`;
  throw new StepError('not_an_object', message, { permanent: true });
}
