import papaparse from 'papaparse';
import type { z } from 'zod';
import { StepError } from '#domain/node/executor.ts';
import { itemAt, kindOf } from '#domain/node/item-path.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import type { definition } from './definition.ts';
import { SEPARATOR } from './separator.ts';

type Config = z.output<(typeof definition)['config']>;
type Cell = string | number | boolean;

/**
 * A list of objects or of lists as CSV text.
 * @throws StepError `not_a_row` naming the item that is neither.
 */
export function formatCsv(items: readonly unknown[], config: Config): string {
  const names = config.columns.length > 0 ? config.columns : namesIn(items);
  const rows = items.map((item, index) => cellsOf(item, index, names));
  const all = config.header && names.length > 0 ? [[...names], ...rows] : rows;
  return papaparse.unparse(all, {
    delimiter: SEPARATOR[config.separator] || ',',
    newline: '\n',
    // Papa's own pattern overlooks text with a line end in it.
    escapeFormulae: config.protect && /^[=+\-@\t\r]/,
  });
}

/** Every name the objects have, in the order in which they first occur. */
function namesIn(items: readonly unknown[]): string[] {
  const names = new Set<string>();
  for (const item of items) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) continue;
    for (const name of Object.keys(item)) names.add(name);
  }
  return [...names];
}

function cellsOf(item: unknown, index: number, names: readonly string[]): Cell[] {
  if (Array.isArray(item)) return item.map(cellOf);
  if (typeof item !== 'object' || item === null) {
    const message = `${itemAt(index)} is ${kindOf(item)}. A row is an object or a list; make one with a Map node.`;
    throw new StepError('not_a_row', message, { permanent: true });
  }
  return names.map((name) => (Object.hasOwn(item, name) ? cellOf(Reflect.get(item, name)) : ''));
}

const cellOf = (value: unknown): Cell =>
  typeof value === 'number' || typeof value === 'boolean' ? value : textOfValue(value);
