const SEPARATOR = '\u0001';
const NULL = '\u0002';

/**
 * A column of values as one text parameter for `rows()`. Cheaper to write and read than PostgreSQL's array syntax,
 * which escapes every quote of every JSON document. Values must not hold U+0001 or U+0002: JSON text never does.
 */
export function column(values: readonly (string | number | boolean | null)[]): string {
  return values.map((value) => (value === null ? NULL : String(value))).join(SEPARATOR);
}

/** SQL for a row source: parameters `$first…` made by {@link column}, one per name, as text columns. */
export function rows(alias: string, first: number, names: readonly string[]): string {
  const arrays = names.map((_, index) => `string_to_array($${first + index}::text, E'\\x01', E'\\x02')`);
  return `unnest(${arrays.join(', ')}) as ${alias}(${names.join(', ')})`;
}
