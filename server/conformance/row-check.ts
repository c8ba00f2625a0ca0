import { expect } from 'vitest';
import type { Call, Reply } from './client.ts';
import type { Row, Shape } from './row/row.ts';

/** What earlier rows have kept, by name. */
export type Kept = Map<string, unknown>;

const NAME = /\{(\w+)\}/g;

/** Puts what was kept in the place of its name; a text that is nothing but a name becomes the value itself. */
export function filled(value: unknown, kept: Kept): unknown {
  if (typeof value === 'string') {
    const whole = /^\{(\w+)\}$/.exec(value)?.[1];
    if (whole !== undefined && kept.has(whole)) return kept.get(whole);
    return value.replaceAll(NAME, (text, name: string) => (kept.has(name) ? String(kept.get(name)) : text));
  }
  if (Array.isArray(value)) return value.map((one) => filled(one, kept));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, kept)]));
}

/** The call as the documented clients send it: a JSON content type even without a body. */
export function callOf(row: Row, key: string | null, kept: Kept): Call {
  const [method = '', path = ''] = row.call.split(/ (.*)/s);
  const address = String(filled(path, kept));
  return {
    method,
    path: address === '/health' ? address : `/api/v1${address}`,
    key,
    headers: {
      'content-type': 'application/json',
      ...(filled(row.headers ?? {}, kept) as Record<string, string>),
    },
    ...(row.body !== undefined && { body: filled(row.body, kept) }),
  };
}

/** Checks an answer against its row and keeps what the row names. */
export function expectAnswer(row: Row, reply: Reply, kept: Kept): void {
  expect(reply.status, reply.text.slice(0, 1000)).toBe(row.status);
  if (row.status === 204) expect(reply.text).toBe('');
  else expect(reply.headers['content-type']).toMatch(/^application\/json/);
  for (const [name, value] of Object.entries(row.answers ?? {}))
    expect(reply.headers[name], name).toBe(value);
  if (row.status === 401) expect(reply.headers['www-authenticate']).toBe('Bearer');
  if (row.detail !== undefined) {
    expect(reply.body).toMatchObject({ detail: filled(row.detail, kept) });
    expect(reply.body).toHaveProperty('code');
  }
  if (row.loc)
    expect((reply.body as { detail: readonly object[] }).detail[0]).toMatchObject({ loc: row.loc });
  for (const text of row.says ?? [])
    expect(reply.text).toContain(JSON.stringify(filled(text, kept)).slice(1, -1));
  expectShape(row, reply.body);
  if (row.value !== undefined) expectValue(reply.body, filled(row.value, kept));
  for (const [name, path] of Object.entries(row.keep ?? {})) {
    const found = at(reply.body, path);
    expect(found, `${name} at ${path}`).toBeDefined();
    kept.set(name, found);
  }
}

function expectValue(body: unknown, wanted: unknown): void {
  if (Array.isArray(wanted) && wanted.length === 0) expect(body).toEqual([]);
  else if (Array.isArray(wanted)) expect((body as unknown[]).slice(0, wanted.length)).toMatchObject(wanted);
  else if (wanted !== null && typeof wanted === 'object') expect(body).toMatchObject(wanted);
  else expect(body).toEqual(wanted);
}

function expectShape({ shape, at: path, each }: Row, body: unknown): void {
  if (!shape) return;
  const found = at(body, path ?? '');
  if (path === 'items') expect((body as { total?: unknown }).total).toBeTypeOf('number');
  if (!each) return expectKeys(found, shape);
  expect(Array.isArray(found)).toBe(true);
  expect((found as unknown[]).length).toBeGreaterThan(0);
  for (const one of found as unknown[]) expectKeys(one, shape);
}

/** Every documented key is there and of its type; what we add to the documented API is left alone. */
function expectKeys(value: unknown, shape: Shape): void {
  const wrong = Object.entries(shape).filter(
    ([key, kind]) =>
      !Object.hasOwn(Object(value), key) || !isOf((value as Record<string, unknown>)[key], kind),
  );
  expect(wrong, JSON.stringify(value).slice(0, 1000)).toEqual([]);
}

function isOf(value: unknown, kind: string): boolean {
  if (kind.endsWith('?')) return value === null || isOf(value, kind.slice(0, -1));
  switch (kind) {
    case 'any':
      return value !== undefined;
    case 'int':
      return Number.isInteger(value);
    case 'bool':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'time':
      return (
        typeof value === 'string' &&
        /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) &&
        !Number.isNaN(Date.parse(value))
      );
    default:
      return typeof value === kind;
  }
}

/** What lies at a dotted path; the whole for an empty one. */
export function at(value: unknown, path: string): unknown {
  if (path === '') return value;
  return path
    .split('.')
    .reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], value);
}

/** Whether an answer is what its row says already. */
export function isSo(row: Row, reply: Reply, kept: Kept): boolean {
  try {
    expectAnswer(row, reply, new Map(kept));
    return true;
  } catch {
    return false;
  }
}
