import { CORE_SCHEMA, load } from 'js-yaml';
import { isStorable } from '#domain/text.ts';

const MAX_ALIASES = 100;
/** Values once aliases are unfolded, and levels of nesting: more than any honest document has. */
const MAX_VALUES = 200_000;
const MAX_DEPTH = 100;

/**
 * The value of a text in YAML or JSON, plain data only. JSON is read by its own rules, since YAML takes not quite
 * all of it.
 * @throws Error in words for the writer of the text: what is no YAML, nested too deep or unfolds to too much
 */
export function readYaml(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = load(text, { schema: CORE_SCHEMA, maxAliases: MAX_ALIASES, maxDepth: MAX_DEPTH });
  }
  bound(value);
  return value;
}

const POLLUTING: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Refuses what cannot be stored or reaches a prototype, as it is refused in requests. @throws Error naming the place */
export function refuseUnstorable(value: unknown, place = ''): void {
  if (typeof value === 'string') {
    if (isStorable(value)) return;
    throw new Error(`${place || 'A text'} holds NUL or a broken character, which cannot be stored`);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (POLLUTING.has(key)) throw new Error(`The key “${key}” is not allowed`);
    refuseUnstorable(key, place);
    refuseUnstorable(inner, place === '' ? key : `${place}.${key}`);
  }
}

/** Refuses what would keep everything after it busy: few aliases can stand for endlessly many values. */
function bound(value: unknown): void {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let seen = 0; open.length > 0; seen += 1) {
    const next = open.pop();
    if (seen > MAX_VALUES) throw new Error('its aliases stand for too many values');
    if (typeof next?.value !== 'object' || next.value === null) continue;
    if (next.depth > MAX_DEPTH) throw new Error(`it is nested more than ${MAX_DEPTH} levels deep`);
    for (const inner of Object.values(next.value)) open.push({ value: inner, depth: next.depth + 1 });
  }
}
