/**
 * Where in which repetition a step ran: `/loop1:3` is repetition 3 (from 0) of loop1, `/a:1/b:0` the first of b inside
 * the second of a, and the empty scope lies outside all loops.
 */
interface Place {
  readonly loop: string;
  /** From 0. */
  readonly index: number;
}

/** The repetitions a scope lies in, from the outermost. */
export function placesOf(scope: string): Place[] {
  return scope
    .split('/')
    .slice(1)
    .map((part) => {
      const at = part.lastIndexOf(':');
      return { loop: part.slice(0, at), index: Number(part.slice(at + 1)) };
    });
}

/** “Item 4”, “Item 2, item 4” as a person counts. */
export const scopeTitle = (scope: string): string =>
  placesOf(scope)
    .map(({ index }, at) => `${at === 0 ? 'Item' : 'item'} ${index + 1}`)
    .join(', ');
