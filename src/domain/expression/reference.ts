/** One step into a value: an object key or a list index. */
export type PathPart = string | number;

/** A place where a template asks for a value. */
export interface Reference {
  /** The path, root first: `trigger.body.items[0]` is `['trigger', 'body', 'items', 0]`. */
  path: PathPart[];
  /** The path as written, without the braces. */
  text: string;
  /** Offsets in the template. For a simple reference they span the braces, inside Liquid only the path. */
  from: number;
  to: number;
}

const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const NUMBER = /\d{1,9}(?![\p{L}\p{N}_])/uy;
const INDEX = /\[\s*(?:(\d{1,9})|"([^"\\]*)"|'([^'\\]*)')\s*\]/uy;

/** Words that Liquid reads as values of their own, so they can never be the root of a path. */
const LITERALS: ReadonlySet<string> = new Set(['true', 'false', 'nil', 'null', 'empty', 'blank']);

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** One `.key`, `.0`, `[0]`, `["key"]` or `['key']` at `at`, or null. */
function readStep(text: string, at: number): { part: PathPart; end: number } | null {
  if (text[at] === '.') {
    const number = matchAt(NUMBER, text, at + 1);
    if (number) return { part: Number(number[0]), end: at + 1 + number[0].length };
    const name = matchAt(IDENTIFIER, text, at + 1);
    return name && { part: name[0], end: at + 1 + name[0].length };
  }
  const index = matchAt(INDEX, text, at);
  if (!index) return null;
  const part = index[1] === undefined ? (index[2] ?? index[3] ?? '') : Number(index[1]);
  return { part, end: at + index[0].length };
}

/**
 * Reads the longest path that starts at `at`; null where no path starts.
 * `complete` is false when the path goes on with something only Liquid can work out, such as `[x]` or `[-1]`.
 */
export function readPath(
  text: string,
  at: number,
): { path: PathPart[]; end: number; complete: boolean } | null {
  const root = matchAt(IDENTIFIER, text, at);
  if (!root || LITERALS.has(root[0])) return null;
  const path: PathPart[] = [root[0]];
  let end = at + root[0].length;
  for (let step = readStep(text, end); step; step = readStep(text, end)) {
    path.push(step.part);
    end = step.end;
  }
  return { path, end, complete: text[end] !== '[' && text[end] !== '.' };
}
