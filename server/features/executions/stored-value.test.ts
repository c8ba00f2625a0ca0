import { expect, test } from 'vitest';
import { pageOfValue, shownWhole } from './stored-value.ts';

const whole = {
  output: {
    rows: Array.from({ length: 5000 }, (_, n) => ({ n })),
    text: 'a😀'.repeat(1000),
    'a.b': { c: 1 },
  },
  none: null,
};
const page = (path: string, offset = 0, limit = 2) => pageOfValue(whole, { path, offset, limit });

test('entries of a list', () => {
  expect(page('output.rows', 4999)).toMatchObject({ kind: 'list', total: 5000, items: [{ n: 4999 }] });
  expect(page('output.rows', 5000)).toMatchObject({ total: 5000, items: [] });
  expect(page('output.rows.7')).toMatchObject({ kind: 'object', entries: [{ key: 'n', value: 7 }] });
  expect(page('output.rows.7.n')).toMatchObject({ kind: 'value', value: 7, total: 1, bytes: 1 });
});

test('keys of an object, with large values cut', () => {
  expect(page('')).toMatchObject({
    kind: 'object',
    total: 2,
    entries: [
      { key: 'output', value: { $truncated: true, bytes: expect.any(Number), preview: expect.any(String) } },
      { key: 'none', value: null },
    ],
  });
  expect(page('none')).toMatchObject({ kind: 'value', value: null });
});

test('a text in slices that put together give the text, with no character torn', () => {
  let text = '';
  const first = page('output.text', 0, 7);
  for (let offset = 0; offset < (first.total ?? 0); offset += 7) {
    const part = page('output.text', offset, 7).text ?? '';
    expect(part.isWellFormed()).toBe(true);
    text += part;
  }
  expect(text).toBe(whole.output.text);
});

test('keys with dots, and paths that lead nowhere', () => {
  expect(page('output.a.b.c')).toMatchObject({ kind: 'value', value: 1 });
  for (const [path, part] of [
    ['ghost', 'ghost'],
    ['output.rows.5000', '5000'],
    ['output.rows.-1', '-1'],
    ['output.rows.x', 'x'],
    ['output.text.length', 'length'],
    ['none.x', 'x'],
    ['__proto__', '__proto__'],
    ['output.constructor', 'constructor'],
  ] as const) {
    expect(() => page(path)).toThrow(`There is no “${part}” in`);
  }
});

test('a value is shown whole up to 256 KiB', () => {
  const small = 'x'.repeat(256 * 1024 - 2);
  expect(shownWhole(small)).toBe(small);
  expect(shownWhole(`${small}x`)).toEqual({
    $truncated: true,
    bytes: 256 * 1024 + 1,
    preview: `"${'x'.repeat(1999)}`,
  });
  expect(shownWhole(undefined)).toBeNull();
});
