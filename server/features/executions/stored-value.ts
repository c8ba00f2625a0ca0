import type { z } from 'zod';
import type { valuePage } from '#contract/execution.ts';
import { AppError } from '#domain/problem.ts';

type Json = NonNullable<z.input<typeof valuePage>['value']> | null;
type ValuePage = z.input<typeof valuePage>;

/** Values above this many bytes are not shown whole beside others. */
export const MAX_WHOLE_BYTES = 256 * 1024;
export const PREVIEW_CHARACTERS = 2000;
/** Of an entry of a page, as JSON text. */
const MAX_ENTRY = 16 * 1024;

/** What stands for a value that is too large to be shown whole: its size in bytes and how its JSON begins. */
export const cutValue = (bytes: number, preview: string) => ({ $truncated: true as const, bytes, preview });

/** A value as it is shown beside others. */
export function shownWhole(value: unknown): Json {
  const text = JSON.stringify(value ?? null);
  const bytes = text.length * 3 > MAX_WHOLE_BYTES ? Buffer.byteLength(text) : 0;
  if (bytes <= MAX_WHOLE_BYTES) return (value ?? null) as Json;
  return cutValue(bytes, text.slice(0, PREVIEW_CHARACTERS));
}

export interface PageRequest {
  /** Keys and indexes separated by dots. */
  readonly path: string;
  readonly offset: number;
  readonly limit: number;
}

/**
 * A page of what lies at a path: entries of a list, characters of a text, keys of an object with their values.
 * @throws AppError `not_found` that names the first part of the path that leads nowhere.
 */
export function pageOfValue(whole: unknown, { path, offset, limit }: PageRequest): ValuePage {
  const value = at(whole, path);
  const bytes = Buffer.byteLength(JSON.stringify(value ?? null));
  const place = { path, bytes, offset };
  if (Array.isArray(value)) {
    const items = value.slice(offset, offset + limit).map(entry);
    return { ...place, kind: 'list', total: value.length, items };
  }
  if (typeof value === 'string') {
    return { ...place, kind: 'text', total: value.length, text: slice(value, offset, limit) };
  }
  if (value !== null && typeof value === 'object') {
    const keys = Object.keys(value);
    const entries = keys
      .slice(offset, offset + limit)
      .map((key) => ({ key, value: entry((value as Record<string, unknown>)[key]) }));
    return { ...place, kind: 'object', total: keys.length, entries };
  }
  return { ...place, kind: 'value', total: 1, value: (value ?? null) as Json };
}

/** A character is never cut in two: the page begins after and ends after whole ones. */
function slice(text: string, offset: number, limit: number): string {
  const part = text.slice(offset, offset + limit);
  return part.isWellFormed() ? part : wholeCharacters(text, offset, offset + limit);
}

const isLow = (text: string, at: number): boolean => /[\uDC00-\uDFFF]/.test(text.charAt(at));

function wholeCharacters(text: string, from: number, to: number): string {
  return text.slice(isLow(text, from) && from > 0 ? from + 1 : from, isLow(text, to) ? to + 1 : to);
}

function entry(value: unknown): Json {
  const text = JSON.stringify(value) ?? 'null';
  if (text.length <= MAX_ENTRY) return (value ?? null) as Json;
  return cutValue(Buffer.byteLength(text), text.slice(0, 200));
}

/** A key may hold dots itself: the longest one that exists is taken. */
function at(whole: unknown, path: string): unknown {
  let value = whole;
  const parts = path === '' ? [] : path.split('.');
  for (let index = 0; index < parts.length; ) {
    const step = stepInto(value, parts, index);
    if (step === null) {
      const place = parts.slice(0, index).join('.') || 'the value';
      throw new AppError('not_found', `There is no “${parts[index]}” in ${place}.`);
    }
    value = step.value;
    index = step.next;
  }
  return value;
}

function stepInto(
  value: unknown,
  parts: readonly string[],
  index: number,
): { value: unknown; next: number } | null {
  if (Array.isArray(value)) {
    const part = parts[index] ?? '';
    return /^\d{1,9}$/.test(part) && Number(part) < value.length
      ? { value: value[Number(part)], next: index + 1 }
      : null;
  }
  if (value === null || typeof value !== 'object') return null;
  for (let next = parts.length; next > index; next -= 1) {
    const key = parts.slice(index, next).join('.');
    if (Object.hasOwn(value, key)) return { value: (value as Record<string, unknown>)[key], next };
  }
  return null;
}
