const MAX_DEPTH = 200;

/**
 * Replaces every text inside a JSON value. Parts in which nothing changes are returned as they are, not copied.
 * @throws RangeError for a value nested more than 200 levels deep
 */
export function mapTexts(value: unknown, replace: (text: string) => unknown, depth = 0): unknown {
  if (typeof value === 'string') return replace(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH)
    throw new RangeError(`The configuration is nested more than ${MAX_DEPTH} levels deep.`);
  if (Array.isArray(value)) return mapList(value, replace, depth);
  let changed: Record<string, unknown> | null = null;
  for (const key of Object.keys(value)) {
    const before: unknown = Reflect.get(value, key);
    const after = mapTexts(before, replace, depth + 1);
    if (after === before) continue;
    changed ??= { ...value };
    // Plain assignment would call the setter of a key named __proto__.
    if (key === '__proto__') continue;
    changed[key] = after;
  }
  return changed ?? value;
}

function mapList(list: readonly unknown[], replace: (text: string) => unknown, depth: number): unknown {
  let changed: unknown[] | null = null;
  for (let i = 0; i < list.length; i++) {
    const after = mapTexts(list[i], replace, depth + 1);
    if (after === list[i]) continue;
    changed ??= [...list];
    changed[i] = after;
  }
  return changed ?? list;
}
