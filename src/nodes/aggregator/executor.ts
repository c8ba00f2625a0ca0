import { type Executor, StepError } from '#domain/node/executor.ts';
import { itemAt, kindOf, missingValue, pathReader } from '#domain/node/item-path.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import { readList } from '#domain/node/list-input.ts';
import { numberIn } from '#domain/node/number-text.ts';
import { unescaped } from '#domain/node/separator.ts';
import type { definition, Operation } from './definition.ts';

interface Value {
  readonly index: number;
  readonly value: unknown;
}
interface Fold {
  /** Whether null is a value of its own, not a missing one. */
  readonly nulls: boolean;
  readonly of: (values: readonly Value[], how: { path: string; separator: string }) => unknown;
}
type OfNumbers = (numbers: readonly number[]) => number | null;

const ofValues = (fold: (values: unknown[]) => unknown): Fold => ({
  nulls: true,
  of: (values) => fold(values.map(({ value }) => value)),
});
const ofNumbers = (fold: OfNumbers): Fold => ({
  nulls: false,
  of: (values, { path }) => fold(values.map((one) => numberOf(one, path))),
});
const best = (better: (a: number, b: number) => boolean): Fold =>
  ofNumbers((numbers) =>
    numbers.reduce<number | null>((kept, one) => (kept === null || better(one, kept) ? one : kept), null),
  );

const FOLDS: Readonly<Record<Operation, Fold>> = {
  list: ofValues((values) => values),
  concat: ofValues((values) => values.flat(1)),
  join: {
    nulls: true,
    of: (values, { separator }) => values.map(({ value }) => textOfValue(value)).join(unescaped(separator)),
  },
  count: { nulls: false, of: (values) => values.length },
  sum: ofNumbers(sum),
  average: ofNumbers((numbers) => (numbers.length === 0 ? null : sum(numbers) / numbers.length)),
  min: best((a, b) => a < b),
  max: best((a, b) => a > b),
};

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const { path, operation, separator } = config;
  // Values of several edges always arrive as a list.
  const items = readList(inputs.items, config.from === 'branches' ? '' : config.field, 'items');
  const fold = FOLDS[operation];
  const read = pathReader(path);
  const values: Value[] = [];
  for (const [index, item] of items.entries()) {
    const value = read(item);
    const isThere = value !== undefined && (value !== null || fold.nulls);
    if (isThere || (operation === 'count' && path === '')) values.push({ index, value });
    else if (config.missing === 'error' && operation !== 'count') {
      throw missingValue(index, path, 'Correct the path, or set “Missing values” to skip.');
    }
  }
  return { kind: 'done', outputs: { result: fold.of(values, { path, separator }), count: values.length } };
};

/** Keeps what rounding would lose (Neumaier), so that ten times 0.1 is 1. */
function sum(numbers: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const number of numbers) {
    const next = total + number;
    lost += Math.abs(total) >= Math.abs(number) ? total - next + number : number - next + total;
    total = next;
  }
  if (Number.isFinite(total)) return total + lost;
  throw new StepError('out_of_range', 'The sum is larger than a number can be.', { permanent: true });
}

function numberOf({ index, value }: Value, path: string): number {
  const number = numberIn(value);
  if (number !== null) return number;
  const where = path === '' ? itemAt(index) : `${itemAt(index)}: “${path}”`;
  const shown = typeof value === 'string' ? `the text “${value.slice(0, 60)}”` : kindOf(value);
  throw new StepError(
    'not_a_number',
    `${where} is ${shown}, which is no number. Correct it before this step.`,
    {
      permanent: true,
    },
  );
}
