const FENCE = '```';
const LANGUAGE = 'json';

/**
 * What stands in the first fenced block of a text; undefined where there is none. Takes as long as the text is: models
 * that go astray write line breaks without end.
 */
export function fencedIn(text: string): string | undefined {
  const open = text.indexOf(FENCE);
  if (open === -1) return undefined;
  const inside = open + FENCE.length;
  const named = text.slice(inside, inside + LANGUAGE.length).toLowerCase() === LANGUAGE;
  const from = named ? inside + LANGUAGE.length : inside;
  const close = text.indexOf(FENCE, from);
  return close === -1 ? undefined : text.slice(from, close);
}
