import { instantOf } from '#domain/graph/operator.ts';
import { type Executor, StepError } from '#domain/node/executor.ts';
import { itemAt, kindOf, missingValue, pathReader } from '#domain/node/item-path.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import { readList } from '#domain/node/list-input.ts';
import { numberIn } from '#domain/node/number-text.ts';
import type { definition, SORT_AS, SortKey } from './definition.ts';

type Compare = (a: unknown, b: unknown) => number;
/** A value as its key compares it. @throws StepError naming the item and the path. */
type Read = (value: unknown, index: number, path: string) => unknown;
type As = (typeof SORT_AS)[number];

// One fixed language: the same list has the same order on every machine.
const collator = new Intl.Collator('en');
const byText = (a: string, b: string): number => collator.compare(a, b) || (a < b ? -1 : Number(a > b));

const READ: Readonly<Record<As, Read>> = {
  auto: (value) => (typeof value === 'object' ? { text: textOfValue(value) } : value),
  text: textOfValue,
  number: (value, index, path) => numberIn(value) ?? refuse('number', value, index, path),
  date: (value, index, path) => instantOf(value) ?? refuse('date', value, index, path),
};

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const items = readList(inputs.input, config.field);
  const keys = config.keys.length > 0 ? config.keys : [wholeItem];
  const columns = keys.map((key) => columnOf(items, key, config.missing === 'error'));
  const compares = keys.map((key) => compareOf(key, config.missing === 'first'));
  const order = items.map((_, index) => index);
  order.sort((a, b) => {
    for (const [at, compare] of compares.entries()) {
      const difference = compare(columns[at]?.[a], columns[at]?.[b]);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
  return { kind: 'done', outputs: { output: order.map((index) => items[index]) } };
};

const wholeItem: SortKey = { path: '', direction: 'ascending', as: 'auto' };

/** The key of every item, read once; undefined where it is missing. */
function columnOf(items: readonly unknown[], { path, as }: SortKey, strict: boolean): unknown[] {
  const read = pathReader(path);
  return items.map((item, index) => {
    const value = read(item) ?? undefined;
    if (value !== undefined) return READ[as](value, index, path);
    if (strict) throw missingValue(index, path, 'Check the path, or set “Missing values” to last or first.');
    return undefined;
  });
}

function compareOf({ direction }: SortKey, missingFirst: boolean): Compare {
  const sign = direction === 'descending' ? -1 : 1;
  const missing = missingFirst ? -1 : 1;
  return (a, b) => {
    if (a === undefined || b === undefined) {
      return a === b ? 0 : a === undefined ? missing : -missing;
    }
    return sign * compareValues(a, b);
  };
}

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return byText(a, b);
  if (isStructured(a) && isStructured(b)) return byText(a.text, b.text);
  return rankOf(a) - rankOf(b) || Number(a) - Number(b);
}

/** A list or an object, which compares by its JSON. */
const isStructured = (value: unknown): value is { readonly text: string } => typeof value === 'object';

const RANKS: readonly string[] = ['number', 'string', 'boolean', 'object'];
const rankOf = (value: unknown): number => RANKS.indexOf(typeof value);

function refuse(what: 'number' | 'date', value: unknown, index: number, path: string): never {
  const where = path === '' ? itemAt(index) : `${itemAt(index)}: “${path}”`;
  const shown = typeof value === 'string' ? `the text “${value.slice(0, 60)}”` : kindOf(value);
  throw new StepError(
    `not_a_${what}`,
    `${where} is ${shown}, which is no ${what}. Correct it before this step, or compare as text.`,
    { permanent: true },
  );
}
