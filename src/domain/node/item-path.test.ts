import { expect, it } from 'vitest';
import { kindOf, missingValue, pathReader } from './item-path.ts';

it.each([
  ['', 5, 5],
  ['', undefined, undefined],
  ['a', { a: null }, null],
  ['a.b.1.c', { a: { b: [0, { c: 'x' }] } }, 'x'],
  ['a.b', { a: 'text' }, undefined],
  ['a.length', { a: 'text' }, undefined],
  ['length', [1, 2], 2],
  ['0', [7], 7],
  ['5', [7], undefined],
  ['toString', {}, undefined],
  ['__proto__.polluted', {}, undefined],
  ['a', null, undefined],
])('path “%s” of %j is %j', (path, value, expected) => {
  expect(pathReader(path)(value)).toEqual(expected);
});

it('names the item and the path', () => {
  expect(missingValue(3, 'a.b', 'Fill it in.')).toMatchObject({
    code: 'missing_value',
    permanent: true,
    message: 'Item 3 (counted from 0) has no “a.b”. Fill it in.',
  });
  expect(missingValue(0, '', 'Fill it in.').message).toBe('Item 0 (counted from 0) is empty. Fill it in.');
});

it.each([
  [null, 'nothing'],
  [undefined, 'nothing'],
  [[], 'a list'],
  ['', 'text'],
  [{}, 'an object'],
  [1, 'a number'],
  [true, 'a boolean'],
])('calls %j %s', (value, words) => {
  expect(kindOf(value)).toBe(words);
});
