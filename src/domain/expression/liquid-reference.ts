import { type Reference, readPath } from './reference.ts';

/** Words of the language that look like names. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'and or not contains in if elsif else endif unless endunless case when endcase for endfor break continue ' +
    'tablerow endtablerow assign capture endcapture increment decrement cycle echo liquid raw endraw comment ' +
    'endcomment reversed limit offset cols with as true false nil null empty blank'
  ).split(' '),
);

/** Names the language itself binds inside loops. */
export const LOOP_NAMES: readonly string[] = ['forloop', 'tablerowloop'];

/** `assign x =`, `capture x`, `for x in`: from here on `x` is the template's own variable. */
const BINDING = /^\s*(?:assign|capture|increment|decrement|for|tablerow)\s+([\p{L}_][\p{L}\p{N}_-]*)/u;

const START = /[\p{L}_]/u;

/** The name which a tag (`for item in list`) makes, and where the rest of the tag begins; null for other tags. */
export function boundName(tagBody: string): { name: string; end: number } | null {
  const match = BINDING.exec(tagBody);
  return match && { name: match[1] ?? '', end: match[0].length };
}

/** Skips a quoted text; returns the offset after it (Liquid knows no escapes). */
function skipQuoted(text: string, at: number, end: number): number {
  const close = text.indexOf(text[at] ?? '', at + 1);
  return close === -1 || close >= end ? end : close + 1;
}

/** True for `| name` and for `name:` (a filter and its keyword arguments), which are no values. */
function isFilterWord(text: string, at: number, end: number): boolean {
  let before = at - 1;
  while (before >= 0 && /\s/.test(text[before] ?? '')) before--;
  if (text[before] === '|') return true;
  let after = end;
  while (/\s/.test(text[after] ?? '')) after++;
  return text[after] === ':';
}

/**
 * The paths that the Liquid between `from` and `to` may read, best effort: names that the template binds itself
 * and words of the language are left out. Used for checking and for choosing what to hand to the renderer.
 */
export function liquidReferences(
  text: string,
  from: number,
  to: number,
  bound: ReadonlySet<string>,
): Reference[] {
  const found: Reference[] = [];
  let at = from;
  while (at < to) {
    const char = text[at] ?? '';
    if (char === '"' || char === "'") {
      at = skipQuoted(text, at, to);
      continue;
    }
    const read = START.test(char) ? readPath(text, at) : null;
    const end = read?.end ?? at + (wordLength(text, at) || 1);
    if (read && isValue(text, at, end, String(read.path[0]), bound)) {
      found.push({ path: read.path, text: text.slice(at, end), from: at, to: end });
    }
    at = end;
  }
  return found;
}

function isValue(text: string, at: number, end: number, root: string, bound: ReadonlySet<string>): boolean {
  if (KEYWORDS.has(root) || bound.has(root)) return false;
  // `.d` in `a[b].d` goes on with a path; after the `..` of a range a value begins.
  const continues = text[at - 1] === '.' && text[at - 2] !== '.';
  return !continues && !isFilterWord(text, at, end);
}

/** Length of the run of name characters at `at`, so that a word such as `true` or `1st` is skipped as a whole. */
function wordLength(text: string, at: number): number {
  const pattern = /[\p{L}\p{N}_-]+/uy;
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}
