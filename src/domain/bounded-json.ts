/** More than any honest document has. Whatever walks a value by calling itself has room for that many. */
export const MOST_LEVELS = 100;

/**
 * The value of a JSON text that somebody else has written, such as a model or a server.
 * @throws SyntaxError for what is no JSON, and for what is nested deeper than `levels`: it would overflow the stack
 * of all that checks, compares or stores it
 */
export function parseBounded(text: string, levels = MOST_LEVELS): unknown {
  if (isTooDeep(text, levels)) throw new SyntaxError(`it is nested more than ${levels} levels deep`);
  return JSON.parse(text);
}

/** Whether brackets outside of texts are open more than `levels` deep at once. */
export function isTooDeep(json: string, levels = MOST_LEVELS): boolean {
  let open = 0;
  for (let at = 0; at < json.length; at += 1) {
    const sign = json[at];
    if (sign === '"') at = endOfText(json, at);
    else if (sign === '[' || sign === '{') open += 1;
    else if (sign === ']' || sign === '}') open -= 1;
    if (open > levels) return true;
  }
  return false;
}

/** Where the closing quote is; the end where there is none. */
function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}
