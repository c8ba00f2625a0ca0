import { wayName } from './field.ts';
import { isMapping, type Step } from './parse.ts';

/** A way out of a step that names where it leads. */
export interface Way {
  readonly port: string | undefined;
  readonly target: string;
}

export const END = '__end__';

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isTarget = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Where a step leads by its own words; the next step follows it otherwise. */
export function waysOf({ type, fields }: Step): Way[] {
  const next = [fields['next']].flat().filter(isTarget);
  return [...choicesOf(type, fields), ...next.map((target) => ({ port: undefined, target }))];
}

function choicesOf(type: string, fields: Step['fields']): Way[] {
  switch (type) {
    case 'switch':
      return [...routed(listOf(fields['rules']), wayName), ...otherwise(fields['default'])];
    case 'categorizer':
      return [...routed(listOf(fields['categories']), nameOf), ...otherwise(fields['default'])];
    case 'router':
      return [...routed(listOf(fields['routes']), nameOf), ...otherwise(fields['default'])];
    default:
      return [];
  }
}

function routed(
  list: readonly unknown[],
  portOf: (one: unknown, at: number, all: readonly unknown[]) => string,
): Way[] {
  return list.flatMap((one, at) => {
    const target = isMapping(one) ? one['route'] : undefined;
    return isTarget(target) ? [{ port: portOf(one, at, list), target }] : [];
  });
}

const nameOf = (choice: unknown): string => String(isMapping(choice) ? (choice['name'] ?? '') : choice);

const otherwise = (target: unknown): Way[] => (isTarget(target) ? [{ port: '__other__', target }] : []);

/** Whether the step after it in the list does not follow it. */
export const endsLine = (step: Step): boolean => step.type === 'switch' || waysOf(step).length > 0;
