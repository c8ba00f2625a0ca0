/**
 * The value at a dotted path such as `order.items.0.price`; the empty path is the value itself. Only own keys and
 * list positions are followed; anything missing on the way gives null.
 */
export function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value ?? null;
  let at: unknown = value;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return null;
    at = (at as Record<string, unknown>)[key];
  }
  return at ?? null;
}
