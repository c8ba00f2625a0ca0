/**
 * Text that is the same for equal JSON values and differs for all others. The order of an object's keys does not
 * matter; 1 and "1" differ.
 */
export function keyOf(value: unknown): string {
  if (typeof value === 'string') return `"${value}`;
  return JSON.stringify(value ?? null, sortedKeys);
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
