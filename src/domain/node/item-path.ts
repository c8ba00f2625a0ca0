import { StepError } from './executor.ts';

/** Reads one place of a value; undefined where it is missing, null where it holds nothing. */
export type PathReader = (value: unknown) => unknown;

/**
 * A reader of a dotted path such as `order.items.0.price`, for many values. The empty path is the value itself.
 * Only own keys and list positions are followed.
 */
export function pathReader(path: string): PathReader {
  if (path === '') return (value) => value;
  const keys = path.split('.');
  return (value) => {
    let at = value;
    for (const key of keys) {
      if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
      at = (at as Record<string, unknown>)[key];
    }
    return at;
  };
}

/** How a message names one item of a list. */
export const itemAt = (index: number): string => `Item ${index} (counted from 0)`;

/** A value that an item should have and has not. `way` says what to do about it. */
export function missingValue(index: number, path: string, way: string): StepError {
  const what = path === '' ? 'is empty' : `has no “${path}”`;
  return new StepError('missing_value', `${itemAt(index)} ${what}. ${way}`, { permanent: true });
}

/** `a list`, `text`, `a number`: what a value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
