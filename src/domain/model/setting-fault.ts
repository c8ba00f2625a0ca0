import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * What is wrong with one setting of a model, as a sentence: `“Temperature” is 3, but may be 2 at most.`
 * @param titleOf how the form calls a field; null for fields it does not know
 */
export function settingFault(
  issue: Issue,
  config: Readonly<Record<string, unknown>>,
  titleOf: (field: string) => string | null,
): string {
  const [field = '', ...rest] = issue.path.map(String);
  const value = issue.path.reduce<unknown>(stepInto, config);
  const name = titleOf(field) ?? (field === '' ? 'The configuration' : field);
  const place = rest.length === 0 ? `“${name}”` : `“${name}” (${rest.join('.')})`;
  return `${place} is ${shown(value)}, but ${boundOf(issue)}.`;
}

function boundOf(issue: Issue): string {
  if (issue.code === 'too_big') return `may be ${issue.maximum} at most`;
  if (issue.code === 'too_small') return `has to be ${issue.minimum} at least`;
  const { message } = issue;
  return `does not fit: ${message.replace(/\.$/, '')}`;
}

const LONGEST = 80;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function stepInto(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}
