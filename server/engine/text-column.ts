const SEPARATOR = '\u0001';
const NULL = '\u0002';

/**
 * A column of values as one text parameter for `rows()`. Cheaper to write and read than PostgreSQL's array syntax,
 * which escapes every quote of every JSON document. Values must not hold U+0001 or U+0002: JSON text never does.
 */
export function column(values: readonly (string | number | boolean | null)[]): string {
  return values.map((value) => (value === null ? NULL : String(value))).join(SEPARATOR);
}

/** The parameters of consecutive columns: the first one's number and their names. */
export interface Columns {
  readonly first: number;
  readonly names: readonly string[];
}

/** SQL for a row source: parameters `$first…` made by {@link column}, one per name, as text columns. */
export function rows(alias: string, first: number, names: readonly string[], more?: Columns): string {
  const all = more ? [{ first, names }, more] : [{ first, names }];
  const arrays = all.flatMap((part) =>
    part.names.map((_, index) => `string_to_array($${part.first + index}::text, E'\\x01', E'\\x02')`),
  );
  return `unnest(${arrays.join(', ')}) as ${alias}(${all.flatMap((part) => part.names).join(', ')})`;
}
