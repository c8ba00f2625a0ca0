import type { z } from 'zod';
import type { FieldProblem } from '#domain/problem.ts';

type Issue = z.core.$ZodIssue;
type Where = (key: PropertyKey | undefined) => string;

const SECRET = /password|token|secret|key/i;

/** Schema issues as they are reported on the wire; `where` says for a top-level key whether it is path, query or body. */
export function fieldProblems(issues: readonly Issue[], input: unknown, where: Where): FieldProblem[] {
  return issues.slice(0, 100).map((issue) => fieldProblem(issue, input, where));
}

function fieldProblem(issue: Issue, input: unknown, where: Where): FieldProblem {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const found = valueAt(input, path);
  const missing = issue.code === 'invalid_type' && found === undefined;
  const shown = path.some((part) => SECRET.test(String(part))) ? undefined : brief(found);
  return {
    type: missing ? 'missing' : typeOf(issue),
    loc: [where(issue.path[0]), ...path],
    msg: missing ? 'Field required' : issue.message,
    ...(shown !== undefined && { input: shown }),
  };
}

function typeOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${issue.expected}_type`;
    case 'too_small':
      return issue.origin === 'string' ? 'string_too_short' : 'greater_than_equal';
    case 'too_big':
      return issue.origin === 'string' ? 'string_too_long' : 'less_than_equal';
    case 'invalid_format':
      return 'string_pattern_mismatch';
    case 'invalid_value':
      return issue.values.length > 1 ? 'enum' : 'literal_error';
    case 'custom':
      return 'value_error';
    default:
      return issue.code;
  }
}

function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  let value = input;
  for (const part of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** Echoes only what is short: the answer to a bad request is not the place for its megabytes. */
function brief(value: unknown): unknown {
  if (typeof value === 'string') return value.length > 200 ? `${value.slice(0, 200).toWellFormed()}…` : value;
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? [] : {};
}
