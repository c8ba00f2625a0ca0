/** Values longer than this many characters of JSON start folded. */
export const largeValue = 10 * 1024;

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null' | 'other';

/** Sorts a value into the kinds JSON knows; `other` is anything that JSON cannot hold, such as undefined. */
export function kindOf(value: unknown): JsonKind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  if (type === 'object' || type === 'string' || type === 'number' || type === 'boolean') return type;
  return 'other';
}

/** The path of an entry below `parent`, in the notation `$.items[0]["odd key"]`. */
export function childPath(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${parent}.${key}` : `${parent}[${JSON.stringify(key)}]`;
}

/** Number of entries of an object or array; 0 for anything else. */
export function entryCount(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return value !== null && typeof value === 'object' ? Object.keys(value).length : 0;
}

/** The first `limit` entries, keyed by name or index. */
export function entriesOf(value: unknown, limit: number): [string | number, unknown][] {
  if (Array.isArray(value)) return value.slice(0, limit).map((item, index) => [index, item]);
  if (value === null || typeof value !== 'object') return [];
  const record = value as Record<string, unknown>;
  return Object.keys(record)
    .slice(0, limit)
    .map((key) => [key, record[key]]);
}

/** Whether the JSON text of a value is longer than `budget` characters. Stops as soon as it knows. */
export function isLongerThan(value: unknown, budget: number): boolean {
  return remaining(value, budget) < 0;
}

function remaining(value: unknown, budget: number): number {
  if (typeof value === 'string') return budget - value.length - 2;
  if (value === null || typeof value !== 'object') return budget - String(value).length;
  let left = budget - 2;
  if (Array.isArray(value)) {
    // By index: `for in` would list every index of a huge array first.
    for (let index = 0; index < value.length && left >= 0; index += 1)
      left = remaining(value[index], left - 1);
    return left;
  }
  for (const [key, child] of Object.entries(value)) {
    left = remaining(child, left - key.length - 5);
    if (left < 0) break;
  }
  return left;
}

/** Bytes or characters in words, such as `12 KB`. */
export function formatSize(count: number): string {
  if (count < 1024) return `${count} B`;
  if (count < 1024 * 1024) return `${(count / 1024).toFixed(count < 10 * 1024 ? 1 : 0)} KB`;
  return `${(count / 1024 / 1024).toFixed(1)} MB`;
}
