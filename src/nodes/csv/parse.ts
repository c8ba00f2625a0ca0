import papaparse from 'papaparse';
import type { z } from 'zod';
import { StepError } from '#domain/node/executor.ts';
import { numberIn } from '#domain/node/number-text.ts';
import type { definition } from './definition.ts';
import { SEPARATOR } from './separator.ts';

type Config = z.output<(typeof definition)['config']>;
type Row = readonly string[];

/**
 * The rows of a CSV text: objects with a header, lists without.
 * @throws StepError `bad_csv` naming the line.
 */
export function parseCsv(text: string, config: Config): unknown[] {
  const rows = readRows(text, config);
  const read = (value: string): unknown => {
    const trimmed = config.trim ? value.trim() : value;
    return config.convert ? converted(trimmed) : trimmed;
  };
  if (!config.header) return rows.map((row) => row.map(read));
  const [first, ...lines] = rows;
  if (!first) return [];
  const names = namesOf(first);
  return lines.map((row, index) => {
    if (row.length !== names.length && config.uneven === 'error') throw uneven(row, names, index);
    return Object.fromEntries(names.map((name, at) => [name, read(row[at] ?? '')]));
  });
}

function readRows(text: string, { separator }: Config): Row[] {
  const { data, errors } = papaparse.parse<string[]>(text, {
    delimiter: SEPARATOR[separator],
    skipEmptyLines: true,
  });
  const error = errors.find(({ type }) => type === 'Quotes');
  if (error) throw badCsv(`Record ${(error.row ?? 0) + 1} is not valid CSV: ${error.message}.`);
  return data;
}

/** Names of the columns; one without a name is called by its place. */
function namesOf(first: Row): string[] {
  const names = first.map((name, index) => name.trim() || `column_${index + 1}`);
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw badCsv(`Two columns are called “${name}”. Rename one, or switch “Header” off to get lists.`);
    }
    seen.add(name);
  }
  return names;
}

function uneven(row: Row, names: readonly string[], index: number): StepError {
  const counts = `has ${row.length} ${row.length === 1 ? 'value' : 'values'}, but the header names ${names.length}`;
  return badCsv(`Record ${index + 2} ${counts}. Check the separator, or set “Uneven lines” to fill.`);
}

/** Only what reads back as the same text becomes a number, so that `007` and long identifiers stay what they are. */
function converted(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = numberIn(text);
  return number !== null && (String(number) === text || isDecimal(text, number)) ? number : text;
}

const isDecimal = (text: string, number: number): boolean =>
  /^-?(0|[1-9]\d*)\.\d+$/.test(text) && text.length <= 16 && Number.isFinite(number);

const badCsv = (message: string): StepError => new StepError('bad_csv', message, { permanent: true });
