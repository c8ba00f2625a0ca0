const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/**
 * The number a value stands for, or null. Text counts when it is a decimal number as a whole: `"12.5"`, `" -3 "`,
 * `"1e3"`; not `""`, `"1,5"`, `"0x10"`, `"12 EUR"`. Booleans, lists and objects are no numbers.
 */
export function numberIn(value: unknown): number | null {
  if (typeof value === 'string' && !NUMBER.test(value)) return null;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
