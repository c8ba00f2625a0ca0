import { AppError, type FieldProblem } from '#domain/problem.ts';
import { isStorable } from '#domain/text.ts';
import { scanJson } from './json-scan.ts';

export const MAX_DEPTH = 64;
export const MAX_MEMBERS = 100_000;
/** In UTF-16 units. */
export const MAX_TEXT = 1024 * 1024;

const POLLUTING = new Set(['__proto__', 'constructor', 'prototype']);

type Place = readonly (string | number)[];

const invalid = (problem: FieldProblem): AppError => new AppError('invalid', [problem]);

/**
 * JSON that is safe to walk, to store and to hand to a merge: bounded depth and size, well-formed text, no key twice
 * and none that reaches a prototype. `where` is the first element of every `loc` (`body` or `query`),
 * `maxText` how long one text may be, in UTF-16 units.
 * @throws AppError `invalid` naming the place.
 */
export function parseJson(bytes: Uint8Array, where: string, maxText = MAX_TEXT): unknown {
  refuseShape(bytes, where);
  const text = decode(bytes, where);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(error, text.length, where);
  }
  refuseUnsafe(value, [where], maxText);
  return value;
}

function refuseShape(bytes: Uint8Array, where: string): void {
  const fault = scanJson(bytes, { depth: MAX_DEPTH, members: MAX_MEMBERS });
  if (fault === null) return;
  switch (fault.type) {
    case 'too_deep': {
      const msg = `JSON may be nested at most ${MAX_DEPTH} levels deep.`;
      throw invalid({ type: 'too_deep', loc: [where, fault.at], msg });
    }
    case 'too_many_members':
      throw tooMany([where]);
    case 'duplicate_key': {
      const key = (fault.key ?? '').slice(0, 200).toWellFormed();
      throw invalid({ type: 'duplicate_key', loc: [where, key], msg: `The key “${key}” is there twice.` });
    }
  }
}

function decode(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid({
      type: 'json_invalid',
      loc: [where, 0],
      msg: 'JSON decode error: the text is not UTF-8.',
    });
  }
}

function malformed(error: unknown, length: number, where: string): AppError {
  const message = error instanceof Error ? error.message : 'malformed';
  const position = /position (\d+)/.exec(message)?.[1];
  const msg = `JSON decode error: ${message.replace(/, ".*" is not valid JSON$/s, '').slice(0, 200)}`;
  return invalid({
    type: 'json_invalid',
    loc: [where, position ? Number(position) : length],
    msg,
    input: {},
  });
}

/**
 * Walks a parsed value. Its depth is bounded already.
 * @throws AppError `invalid` for text a database cannot hold, for keys that reach a prototype, for too many members.
 */
export function refuseUnsafe(value: unknown, place: Place, maxText = MAX_TEXT): void {
  const budget = { left: MAX_MEMBERS, maxText };
  walk(value, place, budget);
}

interface Budget {
  left: number;
  readonly maxText: number;
}

function walk(value: unknown, place: Place, budget: Budget): void {
  if (typeof value === 'string') return refuseText(value, place, budget.maxText);
  if (value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    spend(budget, value.length, place);
    for (const [index, item] of value.entries()) {
      if (typeof item === 'object' || typeof item === 'string') walk(item, [...place, index], budget);
    }
    return;
  }
  const keys = Object.keys(value);
  spend(budget, keys.length, place);
  for (const key of keys) {
    if (POLLUTING.has(key)) {
      throw invalid({ type: 'forbidden_key', loc: [...place, key], msg: `The key “${key}” is not allowed.` });
    }
    refuseText(key, place, MAX_TEXT);
    const item = (value as Record<string, unknown>)[key];
    if (typeof item === 'object' || typeof item === 'string') walk(item, [...place, key], budget);
  }
}

function spend(budget: Budget, count: number, place: Place): void {
  budget.left -= count;
  if (budget.left < 0) {
    throw tooMany(place);
  }
}

const tooMany = (loc: Place): AppError =>
  invalid({ type: 'too_many_members', loc, msg: `JSON may have at most ${MAX_MEMBERS} keys and items.` });

function refuseText(text: string, place: Place, max: number): void {
  if (text.length > max) {
    const msg = `Text must not be longer than ${max} characters.`;
    throw invalid({ type: 'string_too_long', loc: place, msg });
  }
  if (!isStorable(text)) {
    const msg = 'Text must not hold NUL or broken characters.';
    throw invalid({ type: 'string_unsafe', loc: place, msg });
  }
}
