import { expect, it } from 'vitest';
import { numberIn } from './number-text.ts';

it.each([
  [12.5, 12.5],
  ['12.5', 12.5],
  [' -3 ', -3],
  ['+.5', 0.5],
  ['1e3', 1000],
  ['', null],
  ['1,5', null],
  ['0x10', null],
  ['12 EUR', null],
  ['1e999', null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
  [true, null],
  [null, null],
  [[1], null],
  [{}, null],
])('%j stands for %j', (value, expected) => {
  expect(numberIn(value)).toBe(expected);
});
