import { CORE_SCHEMA, load } from 'js-yaml';

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
