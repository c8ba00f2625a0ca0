import { expect, it } from 'vitest';
import { percent, previewText, sizeText } from './label.ts';

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [15_360, '15 KiB'],
  [3_145_728, '3.0 MiB'],
])('writes %s bytes as %s', (bytes, text) => expect(sizeText(bytes)).toBe(text));

it('writes shares as percentages', () =>
  expect([0, 0.5, 0.756, 1].map(percent)).toEqual(['0 %', '50 %', '76 %', '100 %']));

it('shows how a value begins', () => {
  expect(previewText('a\n  b')).toBe('a b');
  expect(previewText({ a: [1, null] })).toBe('{"a":[1,null]}');
  expect(previewText('x'.repeat(200))).toBe(`${'x'.repeat(120)}…`);
  expect(previewText(null)).toBe('null');
});
