import { jsonIn } from '../parser/parse-output.ts';

/**
 * The name an answer of a model means: said as JSON, as the whole text, or somewhere in it. Null where it names none
 * of them, or several.
 * @param field the key that holds the name where the answer is JSON
 */
export function readChoice(answer: unknown, names: readonly string[], field: string): string | null {
  if (typeof answer !== 'string') return namedBy(answer, names, field);
  return namedBy(jsonIn(answer), names, field) ?? exactly(answer, names) ?? inside(answer, names);
}

function namedBy(value: unknown, names: readonly string[], field: string): string | null {
  if (typeof value === 'string') return exactly(value, names);
  if (Array.isArray(value)) return value.length === 1 ? namedBy(value[0], names, field) : null;
  if (typeof value !== 'object' || value === null) return null;
  const said: unknown = Reflect.get(value, field);
  return typeof said === 'string' ? exactly(said, names) : null;
}

const plain = (text: string): string => text.trim().toLowerCase();

const BEFORE = /[\s"'`*“„«]/;
const AFTER = /[\s"'`*”“».!]/;

/** From both ends, character by character: an expression would look at a long row of marks again and again. */
function withoutMarks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && BEFORE.test(text[from] ?? '')) from += 1;
  while (to > from && AFTER.test(text[to - 1] ?? '')) to -= 1;
  return text.slice(from, to);
}

/** Quotes, marks of emphasis and a full stop around a name mean nothing. */
function exactly(text: string, names: readonly string[]): string | null {
  const bare = withoutMarks(text.trim());
  const said = [plain(text), plain(bare)];
  return (
    names.find((name) => name === text || name === bare) ??
    names.find((name) => said.includes(plain(name))) ??
    null
  );
}

/** The only name in the text; of names that contain each other the longest counts. */
function inside(text: string, names: readonly string[]): string | null {
  let rest = text.toLowerCase();
  const found: string[] = [];
  for (const name of names.toSorted((a, b) => b.length - a.length)) {
    if (!rest.includes(name.toLowerCase())) continue;
    found.push(name);
    rest = rest.replaceAll(name.toLowerCase(), ' ');
  }
  return found.length === 1 ? (found[0] ?? null) : null;
}
